-- Revert dsvault:tables/encryption_keys from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

DROP TABLE IF EXISTS dsvault.encryption_keys;

COMMIT;
