-- Verify dsvault:functions/tenant_summary on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.tenant_summary',
    dsvault_facts.function_of('dsvault.tenant_summary(uuid)'), ARRAY[
    'FUNCTION tenant_summary(tenant_id uuid) RETURNS TABLE(users bigint, active_users bigint, '
    'datasets bigint, versions bigint, published_versions bigint, active_keys bigint, '
    'last_version_at timestamp with time zone) LANGUAGE plpgsql VOLATILE SECURITY DEFINER '
    'PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: How many users, datasets, versions and active keys a tenant has, and when its '
    'newest version was made; the deleted are not counted.',
    'body 49aa8b86dca2837f',
    'dsvault_operator EXECUTE']);

ROLLBACK;
