-- Verify dsvault:functions/archive_audit_partition on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.archive_audit_partition',
    dsvault_facts.function_of('dsvault.archive_audit_partition(text, integer, text, bytea, '
        'bytea)'), ARRAY[
    'FUNCTION archive_audit_partition(partition_name text, older_than integer, file_name '
    'text, file_hash bytea, contents bytea) RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY '
    'DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp SET lock_timeout=5s OWNER '
    'dsvault_owner',
    'comment: Lets a month of the audit trail go, for a file that holds it; returns how many '
    'entries. DV821 if there is no such month, DV822 if something keeps it, DV823 if an entry '
    'is not as it was sealed, DV824 if the file holds something else.',
    'body 8d3bad397196a150',
    'dsvault_operator EXECUTE']);

CALL dsvault_facts.must_equal('dsvault.drop_archived_partition',
    dsvault_facts.function_of('dsvault.drop_archived_partition(text, bytea)'), ARRAY[
    'FUNCTION drop_archived_partition(partition_name text, file_hash bytea) RETURNS void '
    'LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, '
    'pg_temp SET lock_timeout=5s OWNER dsvault_owner',
    'comment: Drops a month that was archived before; DV825 unless the hash is that of its '
    'file.',
    'body 14d76622b38107aa',
    'dsvault_operator EXECUTE']);

CALL dsvault_facts.must_equal('dsvault.archived_audit_partitions',
    dsvault_facts.function_of('dsvault.archived_audit_partitions()'), ARRAY[
    'FUNCTION archived_audit_partitions() RETURNS TABLE(partition_name text, bytes bigint) '
    'LANGUAGE sql STABLE SECURITY DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp '
    'OWNER dsvault_owner',
    'comment: Archived months that are not dropped yet, with their size.',
    'body 90e677737c07b648',
    'dsvault_operator EXECUTE']);

ROLLBACK;
