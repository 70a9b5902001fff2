-- Verify dsvault:functions/status_transitions on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.status_transitions',
    dsvault_facts.function_of('dsvault.status_transitions()'), ARRAY[
    'FUNCTION status_transitions() RETURNS TABLE(kind text, from_status text, to_status text, '
    'meaning text) LANGUAGE sql IMMUTABLE SECURITY INVOKER PARALLEL SAFE OWNER dsvault_owner',
    'comment: Every change of status that versions, schemas and keys may make, and what it '
    'means; from_status is NULL for a new row. All others are refused (DV701).',
    'body 9160e94c59db3d3c',
    'dsvault_app EXECUTE',
    'dsvault_auditor EXECUTE',
    'dsvault_definer EXECUTE',
    'dsvault_operator EXECUTE',
    'dsvault_reader EXECUTE']);

ROLLBACK;
