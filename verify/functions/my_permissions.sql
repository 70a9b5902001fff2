-- Verify dsvault:functions/my_permissions on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.my_permissions',
    dsvault_facts.function_of('dsvault.my_permissions()'), ARRAY[
    'FUNCTION my_permissions() RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL '
    'SAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: JSON array of the permissions that the current user holds by his roles, sorted; '
    'empty for nobody.',
    'body ea9d44bc4bd230b9',
    'dsvault_app EXECUTE',
    'dsvault_auditor EXECUTE',
    'dsvault_reader EXECUTE']);

ROLLBACK;
