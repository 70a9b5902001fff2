-- Revert dsvault:functions/explain_permission from pg

BEGIN;

SET LOCAL ROLE dsvault_definer;

DROP FUNCTION IF EXISTS dsvault.explain_permission(uuid, text, uuid);

COMMIT;
