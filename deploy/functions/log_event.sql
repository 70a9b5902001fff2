-- Deploy dsvault:functions/log_event to pg
-- requires: policies/audit_logs
-- requires: functions/audit_origin
-- requires: functions/tenant_for
--
-- Why:    what an application does that no trigger sees, such as reading, belongs into the trail.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault TO dsvault_recorder;
SET LOCAL ROLE dsvault_recorder;

-- SECURITY DEFINER: only the recorder writes the trail.
-- The operation EVENT is put last, over the caller's: no event passes for the work of a trigger.
-- What the trail says of a session by itself no caller says in its place.
CREATE OR REPLACE FUNCTION dsvault.log_event(
    action        text,
    resource_type text,
    resource_id   uuid  DEFAULT NULL,
    details       jsonb DEFAULT '{}'
)
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
    IF dsvault.tenant_for('tenant:member') IS NULL THEN
        RAISE EXCEPTION 'nobody is there whose event this would be'
            USING ERRCODE = 'DV803',
                HINT = 'Call dsvault.enter(tenant, user) first, in the same transaction.';
    END IF;
    IF action IS NULL OR action LIKE 'audit.%'
        OR action !~ '^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$'
    THEN
        RAISE EXCEPTION 'no action of an application: %', coalesce(action, 'NULL')
            USING ERRCODE = 'DV804',
                HINT = 'Name what was done as resource.verb, such as record.read; the names '
                    'that begin with audit are the trail''s own.';
    END IF;
    SELECT * INTO v_origin FROM dsvault_private.audit_origin();
    INSERT INTO dsvault.audit_logs (id, tenant_id, user_id, action, resource_type, resource_id,
        details, ip_address, user_agent, created_at)
    VALUES (v_id, v_origin.tenant_id, v_origin.user_id, log_event.action, log_event.resource_type,
        log_event.resource_id,
        CASE WHEN jsonb_typeof(log_event.details) <> 'object' THEN log_event.details -- refused
            ELSE coalesce(log_event.details, '{}') - ARRAY['login', 'role', 'claimed_tenant',
                'claimed_user', 'claimed_ip'] || v_origin.details || '{"operation": "EVENT"}'
        END,
        v_origin.ip_address, v_origin.user_agent, clock_timestamp());
    RETURN v_id;
END;
$$;

COMMENT ON FUNCTION dsvault.log_event(text, text, uuid, jsonb) IS
    'Writes an audit entry of the current user for what no trigger sees; returns its id. DV803 '
    'without a live user, DV804 for an action that is not named resource.verb.';

REVOKE ALL ON FUNCTION dsvault.log_event(text, text, uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.log_event(text, text, uuid, jsonb)
    TO dsvault_app, dsvault_reader, dsvault_auditor, dsvault_definer;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault FROM dsvault_recorder;

COMMIT;
