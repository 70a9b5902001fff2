-- Revert dsvault:tables/audit_archives from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

DROP TABLE IF EXISTS dsvault.audit_archives;

COMMIT;
