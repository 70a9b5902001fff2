-- Deploy dsvault:functions/drop_expired_tokens to pg
-- requires: policies/tokens
-- requires: functions/tenant_for
-- requires: functions/held_tenants
--
-- Why:    an expired token holds its value's hash until maintenance removes it; whoever makes a new
--         token for the value meanwhile would be given the old one, which leads to nothing.
-- Locks:  none. When called: ROW EXCLUSIVE on dsvault.tokens.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER: no application may remove tokens otherwise. What it removes has expired, and
-- maintenance would remove it too: unless a legal hold keeps it. Without the permission there is no
-- tenant, and nothing to do.
CREATE OR REPLACE FUNCTION dsvault.drop_expired_tokens(token_ids uuid[])
    RETURNS bigint
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_tenant uuid := dsvault.tenant_for('token:create');
    v_count  bigint;
BEGIN
    DELETE FROM dsvault.tokens AS t
    WHERE t.tenant_id = v_tenant AND t.id = ANY (drop_expired_tokens.token_ids)
        AND t.expires_at <= statement_timestamp()
        AND dsvault_private.legal_holds(v_tenant) = '{}';
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END;
$$;

COMMENT ON FUNCTION dsvault.drop_expired_tokens(uuid[]) IS
    'Removes those of the tenant''s tokens that have expired, as maintenance would, so that a new '
    'one can take their place; needs token:create. Returns how many.';

REVOKE ALL ON FUNCTION dsvault.drop_expired_tokens(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.drop_expired_tokens(uuid[]) TO dsvault_app;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault FROM dsvault_definer;

COMMIT;
