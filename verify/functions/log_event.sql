-- Verify dsvault:functions/log_event on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.log_event',
    dsvault_facts.function_of('dsvault.log_event(text, text, uuid, jsonb)'), ARRAY[
    'FUNCTION log_event(action text, resource_type text, resource_id uuid DEFAULT NULL::uuid, '
    'details jsonb DEFAULT ''{}''::jsonb) RETURNS uuid LANGUAGE plpgsql VOLATILE SECURITY '
    'DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_recorder',
    'comment: Writes an audit entry of the current user for what no trigger sees; returns its '
    'id. DV803 without a live user, DV804 for an action that is not named resource.verb.',
    'body 2387ef2983ef1d4c',
    'dsvault_app EXECUTE',
    'dsvault_auditor EXECUTE',
    'dsvault_definer EXECUTE',
    'dsvault_reader EXECUTE']);

ROLLBACK;
