-- Revert dsvault:functions/status_transitions from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault.status_transitions();

COMMIT;
