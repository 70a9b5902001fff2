-- Deploy dsvault:functions/detokenize to pg
-- requires: policies/tokens
-- requires: policies/token_accesses
-- requires: functions/tenant_for
-- requires: functions/log_event
-- requires: functions/refuse_unexplained
-- requires: functions/empty_tokens
-- requires: functions/held_tenants
--
-- Why:    whoever looks behind a token says why, and it is written down before he sees anything.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER: the access is noted in a table that nobody writes by hand. What has expired is
-- given as it is, without its value, and not counted. The row of the token is not locked.
CREATE OR REPLACE FUNCTION dsvault.detokenize(token_ids uuid[], reason text)
    RETURNS TABLE (id uuid, pii_type text, is_expired boolean, encrypted_value bytea)
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    v_tenant uuid := dsvault.tenant_for('token:detokenize');
    v_given  uuid[];
BEGIN
    PERFORM dsvault_private.refuse_unexplained(v_tenant, reason);
    SELECT array_agg(t.id) INTO v_given
    FROM dsvault.tokens AS t
    WHERE t.tenant_id = v_tenant AND t.id = ANY (token_ids)
        AND (t.expires_at IS NULL OR t.expires_at > statement_timestamp());
    INSERT INTO dsvault.token_accesses (tenant_id, token_ids)
    SELECT v_tenant, v_given WHERE v_given <> '{}';
    PERFORM dsvault.log_event('token.detokenize', 'token',
        CASE WHEN cardinality(token_ids) = 1 THEN token_ids[1] END,
        jsonb_build_object('reason', reason, 'asked', cardinality(token_ids),
            'given', coalesce(to_jsonb(v_given), '[]')));
    RETURN QUERY
        SELECT t.id, t.pii_type::text,
            coalesce(t.expires_at <= statement_timestamp(), false),
            CASE WHEN t.expires_at <= statement_timestamp() THEN NULL ELSE t.encrypted_value END
        FROM dsvault.tokens AS t
        WHERE t.tenant_id = v_tenant AND t.id = ANY (token_ids);
END;
$$;

-- SECURITY DEFINER: no application may change a value or its hash otherwise. No list tells which
-- records carry a token that nobody annotated, so a hold of one dataset keeps every token.
CREATE OR REPLACE FUNCTION dsvault.forget_tokens(token_ids uuid[], reason text)
    RETURNS bigint
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_tenant uuid := dsvault.tenant_for('token:detokenize');
    v_count  bigint;
BEGIN
    PERFORM dsvault_private.refuse_unexplained(v_tenant, forget_tokens.reason);
    IF dsvault_private.legal_holds(v_tenant) <> '{}' THEN
        RAISE EXCEPTION 'tokens are not forgotten under legal hold'
            USING ERRCODE = 'DV604',
                DETAIL = format('legal_hold is true in %s.',
                    CASE WHEN dsvault_private.is_tenant_held(v_tenant)
                        THEN 'the settings of the tenant'
                        ELSE 'the retention_policy of a dataset, which may carry them' END),
                HINT = 'Lift the hold where DETAIL says, if the law allows.';
    END IF;
    v_count := dsvault_private.empty_tokens(v_tenant, forget_tokens.token_ids);
    PERFORM dsvault.log_event('token.forget', 'token',
        CASE WHEN cardinality(forget_tokens.token_ids) = 1 THEN forget_tokens.token_ids[1] END,
        jsonb_build_object('reason', forget_tokens.reason, 'forgotten', v_count,
            'asked', to_jsonb(forget_tokens.token_ids)));
    RETURN v_count;
END;
$$;

-- SECURITY DEFINER: it counts for the whole tenant. It waits for another run, and what that one
-- deleted is not counted again.
CREATE OR REPLACE FUNCTION dsvault.count_token_accesses(most integer DEFAULT 1000)
    RETURNS bigint
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_count bigint;
BEGIN
    WITH due AS (
        SELECT a.id FROM dsvault.token_accesses AS a
        WHERE a.tenant_id = dsvault.current_tenant_id()
        LIMIT count_token_accesses.most
    ), gone AS (
        DELETE FROM dsvault.token_accesses AS a USING due AS d
        WHERE a.tenant_id = dsvault.current_tenant_id() AND a.id = d.id
        RETURNING a.token_ids, a.accessed_at
    ), sums AS (
        SELECT i.token_id, count(*) AS times, max(g.accessed_at) AS last_at
        FROM gone AS g CROSS JOIN LATERAL unnest(g.token_ids) AS i (token_id)
        GROUP BY i.token_id
    ), counted AS (
        UPDATE dsvault.tokens AS t
        SET accessed_count = t.accessed_count + s.times,
            last_accessed_at = greatest(t.last_accessed_at, s.last_at)
        FROM sums AS s
        WHERE t.tenant_id = dsvault.current_tenant_id() AND t.id = s.token_id
    )
    SELECT coalesce(sum(s.times), 0) INTO v_count FROM sums AS s;
    RETURN v_count;
END;
$$;

COMMENT ON FUNCTION dsvault.detokenize(uuid[], text) IS
    'The encrypted values of tokens, for token:detokenize and a reason (DV602, DV603); expired '
    'ones without their value. Every call is audited, every value given is counted.';
COMMENT ON FUNCTION dsvault.forget_tokens(uuid[], text) IS
    'Empties tokens for ever, for token:detokenize and a reason (DV602, DV603): value and hash '
    'are gone, the row stays. Returns how many. Not under legal hold (DV604).';
COMMENT ON FUNCTION dsvault.count_token_accesses(integer) IS
    'Adds the accesses of up to so many noted calls of the tenant to accessed_count and '
    'last_accessed_at; returns how many there were, 0 at the end.';

REVOKE ALL ON FUNCTION dsvault.detokenize(uuid[], text) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault.forget_tokens(uuid[], text) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault.count_token_accesses(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.detokenize(uuid[], text) TO dsvault_app;
GRANT EXECUTE ON FUNCTION dsvault.forget_tokens(uuid[], text) TO dsvault_app;
GRANT EXECUTE ON FUNCTION dsvault.count_token_accesses(integer) TO dsvault_operator;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault FROM dsvault_definer;

COMMIT;
