-- Revert dsvault:functions/effective_permissions from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault_private.effective_permissions(uuid, uuid);

COMMIT;
