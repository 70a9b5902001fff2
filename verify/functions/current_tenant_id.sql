-- Verify dsvault:functions/current_tenant_id on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.current_tenant_id',
    dsvault_facts.function_of('dsvault.current_tenant_id()'), ARRAY[
    'FUNCTION current_tenant_id() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY INVOKER '
    'PARALLEL SAFE OWNER dsvault_owner',
    'comment: The tenant that app.current_tenant_id names for this transaction; NULL if it '
    'names none.',
    'body bc694bc3a747cb50',
    'dsvault_app EXECUTE',
    'dsvault_auditor EXECUTE',
    'dsvault_definer EXECUTE',
    'dsvault_finder EXECUTE',
    'dsvault_operator EXECUTE',
    'dsvault_reader EXECUTE',
    'dsvault_recorder EXECUTE']);

ROLLBACK;
