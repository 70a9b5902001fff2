-- Verify dsvault:functions/has_permission on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.has_permission',
    dsvault_facts.function_of('dsvault.has_permission(uuid,text,uuid)'), ARRAY[
    'FUNCTION has_permission(p_user_id uuid, p_permission text, p_resource_id uuid DEFAULT '
    'NULL::uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE SET '
    'search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: True if the user, of the current tenant, holds the permission, on the dataset if '
    'one is named; false otherwise. About another user only with role:read (DV102).',
    'body bdd0d4f3ef06c585',
    'dsvault_app EXECUTE',
    'dsvault_auditor EXECUTE',
    'dsvault_reader EXECUTE',
    'dsvault_finder EXECUTE',
    'dsvault_recorder EXECUTE']);

ROLLBACK;
