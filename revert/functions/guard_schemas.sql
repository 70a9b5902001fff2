-- Revert dsvault:functions/guard_schemas from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault_private.tg_schemas__check();
DROP FUNCTION IF EXISTS dsvault_private.schema_breaks(jsonb,jsonb);
DROP FUNCTION IF EXISTS dsvault_private.tg_schemas__number();

COMMIT;
