-- Verify dsvault:functions/ensure_audit_partitions on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.ensure_audit_partitions',
    dsvault_facts.function_of('dsvault.ensure_audit_partitions(integer)'), ARRAY[
    'FUNCTION ensure_audit_partitions(months_ahead integer DEFAULT 3) RETURNS integer LANGUAGE '
    'plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp SET '
    'TimeZone=UTC OWNER dsvault_owner',
    'comment: Creates the audit partitions of this month and the next months_ahead (0 to 120) '
    'that are missing, and those of rows that lie in the DEFAULT partition, which moves them; '
    'returns how many.',
    'body ec1c75c72192d252',
    'dsvault_operator EXECUTE']);

CALL dsvault_facts.must_equal('dsvault.create_next_audit_partition',
    dsvault_facts.function_of('dsvault.create_next_audit_partition()'), ARRAY[
    'FUNCTION create_next_audit_partition() RETURNS void LANGUAGE plpgsql VOLATILE SECURITY '
    'INVOKER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp SET TimeZone=UTC OWNER '
    'dsvault_owner',
    'comment: Creates the audit partition of next month unless it exists.',
    'body 9bd681da6b68cdcf',
    'dsvault_operator EXECUTE']);

ROLLBACK;
