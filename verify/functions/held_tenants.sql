-- Verify dsvault:functions/held_tenants on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.held_tenants',
    dsvault_facts.function_of('dsvault_private.held_tenants(uuid[])'), ARRAY[
    'FUNCTION held_tenants(tenant_ids uuid[]) RETURNS uuid[] LANGUAGE plpgsql VOLATILE '
    'SECURITY DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER '
    'dsvault_definer',
    'comment: Those of the tenants that are under legal hold, or have a dataset that is.',
    'body daaaee3d019652df',
    'dsvault_owner EXECUTE']);

ROLLBACK;
