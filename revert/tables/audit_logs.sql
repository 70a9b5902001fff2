-- Revert dsvault:tables/audit_logs from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

DROP TABLE IF EXISTS dsvault.audit_logs;

COMMIT;
