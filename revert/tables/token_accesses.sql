-- Revert dsvault:tables/token_accesses from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

DROP TABLE IF EXISTS dsvault.token_accesses;

COMMIT;
