-- Revert dsvault:functions/guard_retention from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault_private.tg_records__retained();
DROP FUNCTION IF EXISTS dsvault_private.tg_versions__retained();
DROP FUNCTION IF EXISTS dsvault_private.tg_datasets__retained();

COMMIT;
