-- Deploy dsvault:functions/retention_notes to pg
-- requires: policies/audit_logs
-- requires: functions/audit_origin
--
-- Why:    that a version was reviewed or anonymized is told by the trail, since a published version
--         does not change.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault_private TO dsvault_recorder;
SET LOCAL ROLE dsvault_recorder;

-- SECURITY DEFINER: nobody but the recorder writes the trail. The caller names the tenant in its
-- context. The operation is one that no application can write, whatever it logs: log_event() calls
-- each of its own EVENT.
CREATE OR REPLACE FUNCTION dsvault_private.note_retention(
    version_id uuid, action text, details jsonb)
    RETURNS uuid
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_origin record;
    v_id     uuid := gen_random_uuid();
BEGIN
    SELECT * INTO v_origin FROM dsvault_private.audit_origin();
    INSERT INTO dsvault.audit_logs (id, tenant_id, user_id, action, resource_type, resource_id,
        details, ip_address, user_agent, created_at)
    VALUES (v_id, v_origin.tenant_id, v_origin.user_id, note_retention.action, 'version',
        note_retention.version_id,
        note_retention.details || v_origin.details || '{"operation": "RETENTION"}',
        v_origin.ip_address, v_origin.user_agent, clock_timestamp());
    RETURN v_id;
END;
$$;

-- SECURITY DEFINER: retention asks what was noted, and sees nothing else of the trail.
CREATE OR REPLACE FUNCTION dsvault_private.retention_notes(tenant_id uuid)
    RETURNS TABLE (version_id uuid, action text, noted_by text, noted_at timestamptz)
    LANGUAGE plpgsql
    STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT DISTINCT ON (l.resource_id, l.action) l.resource_id, l.action::text,
        coalesce(l.user_id::text, l.details ->> 'login'), l.created_at
    FROM dsvault.audit_logs AS l
    WHERE l.tenant_id = retention_notes.tenant_id AND l.resource_type = 'version'
        AND l.action IN ('version.anonymize', 'version.review')
        AND l.details ->> 'operation' = 'RETENTION'
    ORDER BY l.resource_id, l.action, l.created_at DESC;
END;
$$;

COMMENT ON FUNCTION dsvault_private.note_retention(uuid, text, jsonb) IS
    'Writes an audit entry on a version of the tenant of the context; returns its id.';
COMMENT ON FUNCTION dsvault_private.retention_notes(uuid) IS
    'When each version of a tenant was last anonymized or reviewed, and by which user, or login.';

REVOKE ALL ON FUNCTION dsvault_private.note_retention(uuid, text, jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_private.retention_notes(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault_private.note_retention(uuid, text, jsonb) TO dsvault_definer;
GRANT EXECUTE ON FUNCTION dsvault_private.retention_notes(uuid) TO dsvault_definer;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault_private FROM dsvault_recorder;

COMMIT;
