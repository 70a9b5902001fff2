-- Revert dsvault:seal from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault.version();

COMMIT;
