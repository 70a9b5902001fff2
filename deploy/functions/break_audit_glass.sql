-- Deploy dsvault:functions/break_audit_glass to pg
-- requires: policies/audit_logs
-- requires: functions/audit_origin
--
-- Why:    a law or a court may demand what the trail refuses; then the trail says who, and why.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault TO dsvault_recorder;
SET LOCAL ROLE dsvault_recorder;

-- SECURITY DEFINER: only the recorder writes the trail. Only the owner may call it, and the owner
-- sees no rows until he lifts FORCE too: nothing of this happens by mistake.
-- Verification still names what was removed: a seal that was made does not bend.
CREATE OR REPLACE FUNCTION dsvault.break_audit_glass(
    reason    text,
    tenant_id uuid DEFAULT '00000000-0000-0000-0000-000000000000'
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
    IF coalesce(btrim(reason), '') = '' THEN
        RAISE EXCEPTION 'the glass is not broken without a reason'
            USING ERRCODE = 'DV802', HINT = 'Say why the trail must change; that entry stays.';
    END IF;
    SELECT * INTO v_origin FROM dsvault_private.audit_origin();
    INSERT INTO dsvault.audit_logs (id, tenant_id, action, resource_type, details, ip_address,
        user_agent, created_at)
    VALUES (v_id, break_audit_glass.tenant_id, 'audit.break_glass', 'audit',
        v_origin.details || jsonb_build_object('operation', 'EVENT', 'reason', reason),
        v_origin.ip_address, v_origin.user_agent, clock_timestamp());
    RETURN v_id;
END;
$$;

COMMENT ON FUNCTION dsvault.break_audit_glass(text, uuid) IS
    'Lets the owner change and remove audit entries of one tenant, or of all (the system tenant), '
    'in the rest of this transaction; writes an entry that says so and stays (DV802 without a '
    'reason).';

REVOKE ALL ON FUNCTION dsvault.break_audit_glass(text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.break_audit_glass(text, uuid) TO dsvault_owner;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault FROM dsvault_recorder;

COMMIT;
