-- Revert dsvault:functions/ensure_audit_partitions from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault.create_next_audit_partition();
DROP FUNCTION IF EXISTS dsvault.ensure_audit_partitions(integer);

COMMIT;
