-- Verify dsvault:functions/permission_catalogue on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.permission_catalogue',
    dsvault_facts.function_of('dsvault.permission_catalogue()'), ARRAY[
    'FUNCTION permission_catalogue() RETURNS jsonb LANGUAGE sql IMMUTABLE SECURITY INVOKER '
    'PARALLEL SAFE OWNER dsvault_owner',
    'comment: JSON array of every permission that a role may hold; nothing outside of it '
    'exists.',
    'body 57bb2f950bcfbcce',
    'dsvault_app EXECUTE',
    'dsvault_auditor EXECUTE',
    'dsvault_definer EXECUTE',
    'dsvault_operator EXECUTE',
    'dsvault_reader EXECUTE']);

ROLLBACK;
