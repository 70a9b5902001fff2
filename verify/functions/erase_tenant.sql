-- Verify dsvault:functions/erase_tenant on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.erase_tenant',
    dsvault_facts.function_of('dsvault.erase_tenant(uuid,text,integer)'), ARRAY[
    'FUNCTION erase_tenant(INOUT tenant_id uuid, slug text, batch_rows integer DEFAULT 10000, '
    'OUT removed jsonb, OUT is_finished boolean) RETURNS record LANGUAGE plpgsql VOLATILE '
    'SECURITY DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Removes up to batch_rows rows of a closed tenant, whose slug must be given; '
    'returns what is removed by now, by table, and whether that is all. The audit trail stays '
    '(DV741 to DV746).',
    'body 54223e4fad07ae72',
    'dsvault_operator EXECUTE']);

ROLLBACK;
