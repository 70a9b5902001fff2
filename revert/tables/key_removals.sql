-- Revert dsvault:tables/key_removals from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

DROP TABLE IF EXISTS dsvault.key_removals;

COMMIT;
