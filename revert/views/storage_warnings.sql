-- Revert dsvault:views/storage_warnings from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP VIEW IF EXISTS dsvault.storage_warnings;

COMMIT;
