-- Verify dsvault:functions/tenant_for on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.tenant_for',
    dsvault_facts.function_of('dsvault.tenant_for(text)'), ARRAY[
    'FUNCTION tenant_for(permission text) RETURNS uuid LANGUAGE plpgsql STABLE SECURITY INVOKER '
    'PARALLEL SAFE OWNER dsvault_owner',
    'comment: The current tenant if the current user holds the permission, NULL otherwise; '
    'tenant:member asks for a live user only.',
    'body b94daabe6260c585',
    'dsvault_app EXECUTE',
    'dsvault_auditor EXECUTE',
    'dsvault_definer EXECUTE',
    'dsvault_finder EXECUTE',
    'dsvault_reader EXECUTE',
    'dsvault_recorder EXECUTE']);

ROLLBACK;
