-- Revert dsvault:tables/tenant_erasures from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

DROP TABLE IF EXISTS dsvault.tenant_erasures;

COMMIT;
