-- Revert dsvault:functions/storage_quota from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault.storage_usage();
DROP FUNCTION IF EXISTS dsvault.set_storage_quota(uuid,bigint);

COMMIT;
