-- Revert dsvault:functions/refuse_unexplained from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault_private.refuse_unexplained(uuid, text);

COMMIT;
