-- Revert dsvault:functions/track_usage from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault_private.tg_dataset_versions__usage();
DROP FUNCTION IF EXISTS dsvault_private.add_usage(uuid,text,numeric);

COMMIT;
