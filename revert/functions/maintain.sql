-- Revert dsvault:functions/maintain from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP PROCEDURE IF EXISTS dsvault.maintain(integer);

COMMIT;
