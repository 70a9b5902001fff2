-- Verify dsvault:functions/audit_months on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.audit_month_content',
    dsvault_facts.function_of('dsvault_private.audit_month_content(timestamptz, '
        'timestamptz)'), ARRAY[
    'FUNCTION audit_month_content(from_time timestamp with time zone, to_time timestamp with '
    'time zone, OUT tenant_ids uuid[], OUT entry_count bigint, OUT unsealed bigint) RETURNS '
    'record LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL UNSAFE SET '
    'search_path=pg_catalog, pg_temp OWNER dsvault_recorder',
    'comment: Tenants and number of the entries of a month, and how many of them no seal '
    'covers yet.',
    'body a3b2b74707c3cffe',
    'dsvault_owner EXECUTE']);

CALL dsvault_facts.must_equal('dsvault.audit_months',
    dsvault_facts.function_of('dsvault.audit_months(integer)'), ARRAY[
    'FUNCTION audit_months(older_than integer) RETURNS TABLE(partition_name text, from_time '
    'timestamp with time zone, to_time timestamp with time zone, entry_count bigint, bytes '
    'bigint, blocked_by text) LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET '
    'search_path=pg_catalog, pg_temp SET TimeZone=UTC OWNER dsvault_owner',
    'comment: Past months of the audit trail, and what keeps each from being archived if so '
    'many months before this one stay; NULL: nothing.',
    'body dc6e56a7425ad342',
    'dsvault_operator EXECUTE']);

ROLLBACK;
