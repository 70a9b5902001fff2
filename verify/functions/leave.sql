-- Verify dsvault:functions/leave on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.leave',
    dsvault_facts.function_of('dsvault.leave()'), ARRAY[
    'FUNCTION leave() RETURNS void LANGUAGE plpgsql VOLATILE SECURITY INVOKER PARALLEL UNSAFE '
    'OWNER dsvault_owner',
    'comment: Makes the rest of the transaction act as nobody: no tenant, no user, no '
    'permissions.',
    'body e286081ac6252d7f',
    'dsvault_app EXECUTE',
    'dsvault_auditor EXECUTE',
    'dsvault_reader EXECUTE']);

ROLLBACK;
