-- Verify dsvault:functions/effective_permissions on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.effective_permissions',
    dsvault_facts.function_of('dsvault_private.effective_permissions(uuid,uuid)'), ARRAY[
    'FUNCTION effective_permissions(tenant_id uuid, user_id uuid) RETURNS text[] LANGUAGE '
    'plpgsql STABLE SECURITY INVOKER PARALLEL SAFE SET search_path=pg_catalog, pg_temp OWNER '
    'dsvault_owner',
    'comment: Permissions of a user, sorted, tenant:member among them; empty unless user and '
    'tenant are live.',
    'body c2e06fa81797685d',
    'dsvault_definer EXECUTE']);

ROLLBACK;
