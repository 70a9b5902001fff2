-- Deploy dsvault:functions/track_usage to pg
-- requires: policies/tenant_usage
-- requires: policies/tenants
-- requires: policies/dataset_versions
-- requires: schemas/dsvault_private
--
-- Why:    a quota that does not limit misleads whoever sets it.
-- Locks:  none. When called: the tenant's rows of dsvault.tenant_usage, until the transaction ends.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault_private TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER: nobody writes the sums by hand. It works in the tenant that is named, hence the
-- setting, which is put back at the end. Whoever publishes waits for others of the same tenant
-- that do; the UPDATE then sees their sum.
CREATE OR REPLACE FUNCTION dsvault_private.add_usage(tenant_id uuid, measure text, amount numeric)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before text := coalesce(current_setting('app.current_tenant_id', true), '');
    v_used   bigint;
    v_quota  bigint;
BEGIN
    IF add_usage.amount = 0 THEN
        RETURN;
    END IF;
    PERFORM set_config('app.current_tenant_id', add_usage.tenant_id::text, true);
    -- A tenant that is being removed takes its sums with it.
    INSERT INTO dsvault.tenant_usage (tenant_id, measure)
    SELECT t.id, add_usage.measure FROM dsvault.tenants AS t WHERE t.id = add_usage.tenant_id
    ON CONFLICT DO NOTHING;
    UPDATE dsvault.tenant_usage AS u
    SET amount = u.amount + add_usage.amount
    WHERE u.tenant_id = add_usage.tenant_id AND u.measure = add_usage.measure
    RETURNING u.amount INTO v_used;
    IF add_usage.measure = 'published_bytes' AND add_usage.amount > 0 THEN
        SELECT t.storage_quota_bytes INTO v_quota
        FROM dsvault.tenants AS t WHERE t.id = add_usage.tenant_id;
        IF v_used > v_quota THEN
            RAISE EXCEPTION 'publishing % bytes exceeds the storage quota', add_usage.amount
                USING ERRCODE = 'DV711',
                    DETAIL = format('Used: %s bytes. Limit: %s bytes. Requested: %s bytes.',
                        v_used - add_usage.amount, v_quota, add_usage.amount),
                    HINT = 'Remove versions that nobody needs, or ask an operator for more.';
        END IF;
    END IF;
    PERFORM set_config('app.current_tenant_id', v_before, true);
END;
$$;

-- SECURITY DEFINER: for the same reason. A statement about drafts alone locks nothing.
CREATE OR REPLACE FUNCTION dsvault_private.tg_dataset_versions__usage()
    RETURNS trigger
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_changes jsonb := '[]'::jsonb;
BEGIN
    IF TG_OP <> 'DELETE' THEN
        SELECT v_changes || coalesce(jsonb_agg(to_jsonb(s)), '[]') INTO v_changes
        FROM (
            SELECT n.tenant_id, sum(n.size_bytes) AS bytes, count(*) AS versions
            FROM new_rows AS n WHERE n.status <> 'draft' GROUP BY n.tenant_id
        ) AS s;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        SELECT v_changes || coalesce(jsonb_agg(to_jsonb(s)), '[]') INTO v_changes
        FROM (
            SELECT o.tenant_id, -sum(o.size_bytes) AS bytes, -count(*) AS versions
            FROM old_rows AS o WHERE o.status <> 'draft' GROUP BY o.tenant_id
        ) AS s;
    END IF;
    -- Always in the same order, so that two statements about several tenants do not deadlock.
    PERFORM dsvault_private.add_usage(s.tenant_id, s.measure, s.amount)
    FROM (
        SELECT c.tenant_id, m.measure,
            sum(CASE m.measure WHEN 'published_bytes' THEN c.bytes ELSE c.versions END) AS amount
        FROM jsonb_to_recordset(v_changes) AS c (tenant_id uuid, bytes numeric, versions numeric),
            unnest(ARRAY['published_bytes', 'published_versions']) AS m (measure)
        GROUP BY c.tenant_id, m.measure
        ORDER BY c.tenant_id, m.measure
    ) AS s;
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION dsvault_private.add_usage(uuid, text, numeric) IS
    'Adds to a sum of what a tenant uses; refuses bytes beyond the storage quota (DV711).';
COMMENT ON FUNCTION dsvault_private.tg_dataset_versions__usage() IS
    'Statement trigger after INSERT, UPDATE and DELETE: keeps what a tenant uses.';

REVOKE ALL ON FUNCTION dsvault_private.add_usage(uuid, text, numeric) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_private.tg_dataset_versions__usage() FROM PUBLIC;
-- Making a trigger takes the right to execute its function; the owner makes them.
GRANT EXECUTE ON FUNCTION dsvault_private.tg_dataset_versions__usage() TO dsvault_owner;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault_private FROM dsvault_definer;

COMMIT;
