-- Verify dsvault:functions/upgrade_system_roles on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.upgrade_system_roles',
    dsvault_facts.function_of('dsvault.upgrade_system_roles(uuid)'), ARRAY[
    'FUNCTION upgrade_system_roles(tenant_id uuid) RETURNS integer LANGUAGE plpgsql VOLATILE '
    'SECURITY DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Brings the system roles of one tenant up to their templates; returns how many '
    'rows changed. For all: SELECT dsvault.upgrade_system_roles(id) FROM dsvault.tenants.',
    'body f3610a1c311f90dd',
    'dsvault_operator EXECUTE']);

ROLLBACK;
