-- Revert dsvault:functions/has_permission from pg

BEGIN;

SET LOCAL ROLE dsvault_definer;

DROP FUNCTION IF EXISTS dsvault.has_permission(uuid, text, uuid);

COMMIT;
