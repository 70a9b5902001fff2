-- Revert dsvault:functions/archive_audit_partition from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault.archived_audit_partitions();
DROP FUNCTION IF EXISTS dsvault.drop_archived_partition(text, bytea);
DROP FUNCTION IF EXISTS dsvault.archive_audit_partition(text, integer, text, bytea, bytea);

COMMIT;
