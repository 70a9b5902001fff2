-- Verify dsvault:functions/held_tenants on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.is_tenant_held',
    dsvault_facts.function_of('dsvault_private.is_tenant_held(uuid)'), ARRAY[
    'FUNCTION is_tenant_held(tenant_id uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY '
    'INVOKER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Whether a tenant is under legal hold as a whole: legal_hold is true in its settings.',
    'body 7286b6daf694cafa']);

CALL dsvault_facts.must_equal('dsvault_private.legal_holds',
    dsvault_facts.function_of('dsvault_private.legal_holds(uuid)'), ARRAY[
    'FUNCTION legal_holds(tenant_id uuid) RETURNS text[] LANGUAGE plpgsql STABLE SECURITY INVOKER '
    'PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: What of a tenant is under legal hold: the tenant, and datasets by name; empty if '
    'nothing is.',
    'body 5307dcfd751b1886']);

CALL dsvault_facts.must_equal('dsvault_private.held_tenants',
    dsvault_facts.function_of('dsvault_private.held_tenants(uuid[])'), ARRAY[
    'FUNCTION held_tenants(tenant_ids uuid[]) RETURNS uuid[] LANGUAGE plpgsql VOLATILE '
    'SECURITY DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER '
    'dsvault_definer',
    'comment: Those of the tenants that are under legal hold, or have a dataset that is.',
    'body bf04cb636e6b0e6c',
    'dsvault_owner EXECUTE']);

ROLLBACK;
