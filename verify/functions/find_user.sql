-- Verify dsvault:functions/find_user on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.find_user',
    dsvault_facts.function_of('dsvault.find_user(uuid,text)'), ARRAY[
    'FUNCTION find_user(tenant_id uuid, email text DEFAULT NULL::text) RETURNS uuid LANGUAGE '
    'plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp '
    'OWNER dsvault_definer',
    'comment: Id of the active user of a tenant who has this address, whatever its case; '
    'without one, of its longest-standing administrator. NULL if there is none.',
    'body 7190914c136a4f34',
    'dsvault_operator EXECUTE']);

ROLLBACK;
