-- Verify dsvault:functions/suspend_tenant on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.set_suspension',
    dsvault_facts.function_of('dsvault_private.set_suspension(uuid,text)'), ARRAY[
    'FUNCTION set_suspension(tenant_id uuid, reason text) RETURNS boolean LANGUAGE plpgsql '
    'VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER '
    'dsvault_definer',
    'comment: Suspends a tenant for a reason, or resumes it if that is NULL; true if anything '
    'changed.',
    'body 72470382a7eabfdf']);

CALL dsvault_facts.must_equal('dsvault.suspend_tenant',
    dsvault_facts.function_of('dsvault.suspend_tenant(uuid,text)'), ARRAY[
    'FUNCTION suspend_tenant(tenant_id uuid, reason text) RETURNS boolean LANGUAGE plpgsql '
    'VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER '
    'dsvault_definer',
    'comment: Stops a tenant: from the next statement on its users can do nothing; true if '
    'anything changed. DV501 for a tenant that is not live, DV502 without a reason.',
    'body dae29c6dfe69a77e',
    'dsvault_operator EXECUTE']);

CALL dsvault_facts.must_equal('dsvault.resume_tenant',
    dsvault_facts.function_of('dsvault.resume_tenant(uuid)'), ARRAY[
    'FUNCTION resume_tenant(tenant_id uuid) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY '
    'DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Ends the suspension of a tenant; true if it was suspended. DV501 for a tenant '
    'that is not live.',
    'body 8019c96b120ebe03',
    'dsvault_operator EXECUTE']);

ROLLBACK;
