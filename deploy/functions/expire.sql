-- Deploy dsvault:functions/expire to pg
-- requires: policies/encryption_keys
-- requires: policies/user_roles
-- requires: policies/tokens
-- requires: policies/key_removals
-- requires: triggers/guard_status
-- requires: functions/held_tenants
--
-- Why:    what has reached its time is marked or gone, not merely ignored.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER: operators see nothing inside of a tenant. It works in the tenant that is named,
-- hence the setting, which is put back at the end. The functions that read these rows look at
-- expires_at themselves; nobody depends on how often this runs. A legal hold keeps tokens. What was
-- noted of removals is added up, a row for each key.
CREATE OR REPLACE FUNCTION dsvault.expire(
    tenant_id  uuid,
    OUT keys   bigint,
    OUT grants bigint,
    OUT tokens bigint
)
    RETURNS record
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before text := coalesce(current_setting('app.current_tenant_id', true), '');
BEGIN
    PERFORM set_config('app.current_tenant_id', coalesce(expire.tenant_id::text, ''), true);
    UPDATE dsvault.encryption_keys AS k SET status = 'expired'
    WHERE k.tenant_id = expire.tenant_id AND k.status IN ('active', 'rotated')
        AND k.expires_at <= now();
    GET DIAGNOSTICS keys = ROW_COUNT;
    DELETE FROM dsvault.user_roles AS g
    WHERE g.tenant_id = expire.tenant_id AND g.expires_at <= now();
    GET DIAGNOSTICS grants = ROW_COUNT;
    DELETE FROM dsvault.tokens AS t
    WHERE t.tenant_id = expire.tenant_id AND t.expires_at <= now()
        AND dsvault_private.legal_holds(expire.tenant_id) = '{}';
    GET DIAGNOSTICS tokens = ROW_COUNT;
    WITH noted AS (
        DELETE FROM dsvault.key_removals AS r
        WHERE r.tenant_id = expire.tenant_id AND r.key_id IN (
            SELECT m.key_id FROM dsvault.key_removals AS m
            WHERE m.tenant_id = expire.tenant_id GROUP BY m.key_id HAVING count(*) > 1)
        RETURNING r.key_id, r.messages
    )
    INSERT INTO dsvault.key_removals (tenant_id, key_id, messages)
    SELECT expire.tenant_id, n.key_id, sum(n.messages) FROM noted AS n GROUP BY n.key_id;
    PERFORM set_config('app.current_tenant_id', v_before, true);
END;
$$;

COMMENT ON FUNCTION dsvault.expire(uuid) IS
    'Marks the expired keys of a tenant, and removes expired grants and tokens; returns how many. '
    'A value whose token is removed cannot be found again by it.';

REVOKE ALL ON FUNCTION dsvault.expire(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.expire(uuid) TO dsvault_operator;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault FROM dsvault_definer;

COMMIT;
