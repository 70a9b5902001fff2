-- Verify dsvault:functions/create_tenant on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.copy_role_templates',
    dsvault_facts.function_of('dsvault_private.copy_role_templates(uuid)'), ARRAY[
    'FUNCTION copy_role_templates(tenant_id uuid) RETURNS integer LANGUAGE plpgsql VOLATILE '
    'SECURITY DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Gives a tenant every system role as its template is now; returns how many rows '
    'that changed.',
    'body b427b9c4fe75ba84']);

CALL dsvault_facts.must_equal('dsvault.create_tenant',
    dsvault_facts.function_of('dsvault.create_tenant(text,text,text,text,bigint,uuid,uuid)'), ARRAY[
    'FUNCTION create_tenant(slug text, name text, admin_email text, admin_name text, '
    'storage_quota_bytes bigint DEFAULT NULL::bigint, INOUT tenant_id uuid DEFAULT '
    'gen_random_uuid(), INOUT admin_id uuid DEFAULT gen_random_uuid()) RETURNS record LANGUAGE '
    'plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp '
    'OWNER dsvault_definer',
    'comment: Creates a tenant with the system roles and a first administrator; makes up ids '
    'that are not given, or NULL.',
    'body 322a80f79310cd41',
    'dsvault_operator EXECUTE']);

ROLLBACK;
