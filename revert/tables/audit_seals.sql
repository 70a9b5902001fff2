-- Revert dsvault:tables/audit_seals from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

DROP TABLE IF EXISTS dsvault.audit_seals;

COMMIT;
