-- Verify dsvault:functions/current_user_id on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.current_user_id',
    dsvault_facts.function_of('dsvault.current_user_id()'), ARRAY[
    'FUNCTION current_user_id() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY INVOKER PARALLEL '
    'SAFE OWNER dsvault_owner',
    'comment: The user that app.current_user_id names for this transaction; NULL if it names '
    'none.',
    'body 5cd3e5ff76735132',
    'dsvault_app EXECUTE',
    'dsvault_auditor EXECUTE',
    'dsvault_definer EXECUTE',
    'dsvault_finder EXECUTE',
    'dsvault_operator EXECUTE',
    'dsvault_reader EXECUTE',
    'dsvault_recorder EXECUTE']);

ROLLBACK;
