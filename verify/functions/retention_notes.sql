-- Verify dsvault:functions/retention_notes on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.note_retention',
    dsvault_facts.function_of('dsvault_private.note_retention(uuid,text,jsonb)'), ARRAY[
    'FUNCTION note_retention(version_id uuid, action text, details jsonb) RETURNS uuid LANGUAGE'
    ' plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp '
    'OWNER dsvault_recorder',
    'comment: Writes an audit entry on a version of the tenant of the context; returns its id.',
    'body bb78bff59dc2b33c',
    'dsvault_definer EXECUTE']);

CALL dsvault_facts.must_equal('dsvault_private.retention_notes',
    dsvault_facts.function_of('dsvault_private.retention_notes(uuid)'), ARRAY[
    'FUNCTION retention_notes(tenant_id uuid) RETURNS TABLE(version_id uuid, action text, '
    'noted_by text, noted_at timestamp with time zone) LANGUAGE plpgsql STABLE SECURITY DEFINER'
    ' PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_recorder',
    'comment: When each version of a tenant was last anonymized or reviewed, and by which user,'
    ' or login.',
    'body 315d03789b53bc99',
    'dsvault_definer EXECUTE']);

ROLLBACK;
