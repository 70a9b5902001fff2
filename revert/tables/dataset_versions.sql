-- Revert dsvault:tables/dataset_versions from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

DROP TABLE IF EXISTS dsvault.dataset_versions;

COMMIT;
