-- Verify dsvault:functions/storage_quota on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.set_storage_quota',
    dsvault_facts.function_of('dsvault.set_storage_quota(uuid,bigint)'), ARRAY[
    'FUNCTION set_storage_quota(tenant_id uuid, storage_quota_bytes bigint) RETURNS void '
    'LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, '
    'pg_temp OWNER dsvault_definer',
    'comment: Sets how many bytes a tenant''s published versions may hold; NULL is unlimited. '
    'Below the present use it warns, and blocks growth only. DV712 if there is no such tenant.',
    'body f682304cd011c57e',
    'dsvault_operator EXECUTE']);

CALL dsvault_facts.must_equal('dsvault.storage_usage',
    dsvault_facts.function_of('dsvault.storage_usage()'), ARRAY[
    'FUNCTION storage_usage() RETURNS TABLE(tenant_id uuid, slug text, used_bytes bigint, '
    'storage_quota_bytes bigint, used_percent numeric, state text) LANGUAGE plpgsql STABLE '
    'SECURITY INVOKER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: Use and quota of every tenant that the session may see; state is unlimited, ok, '
    'warning (from 80 %) or exceeded. used_percent is NULL without a quota, or with one of 0.',
    'body a8bea9fe0246e00e',
    'dsvault_app EXECUTE',
    'dsvault_auditor EXECUTE',
    'dsvault_operator EXECUTE',
    'dsvault_reader EXECUTE']);

ROLLBACK;
