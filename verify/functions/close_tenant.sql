-- Verify dsvault:functions/close_tenant on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.close_tenant',
    dsvault_facts.function_of('dsvault.close_tenant(uuid)'), ARRAY[
    'FUNCTION close_tenant(tenant_id uuid) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY '
    'DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Marks a tenant deleted: its users can do nothing. False if it was closed '
    'already; DV741 if there is none, or it is the system tenant.',
    'body e3362ea707e47e3c',
    'dsvault_operator EXECUTE']);

CALL dsvault_facts.must_equal('dsvault.restore_tenant',
    dsvault_facts.function_of('dsvault.restore_tenant(uuid)'), ARRAY[
    'FUNCTION restore_tenant(tenant_id uuid) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY '
    'DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Brings a closed tenant back, unless its erasure has begun (DV722, DV724).',
    'body 07aa76d2226ced8d',
    'dsvault_operator EXECUTE']);

ROLLBACK;
