-- Deploy dsvault:functions/erase_tenant to pg
-- requires: functions/close_tenant
-- requires: policies/tenant_erasures
-- requires: policies/users
-- requires: policies/roles
-- requires: policies/user_roles
-- requires: policies/schemas
-- requires: policies/encryption_keys
-- requires: policies/datasets
-- requires: policies/dataset_versions
-- requires: policies/records
-- requires: policies/tokens
-- requires: policies/token_accesses
-- requires: policies/lineage_edges
-- requires: triggers/guard_records
-- requires: triggers/track_usage
-- requires: functions/may_erase
--
-- Why:    a cascade over a whole tenant meets RESTRICT, and would be an outage; here the order is
--         known and each step is small.
-- Locks:  none. When called: ROW EXCLUSIVE on the tables of the tenant.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER: operators hold no right to any tenant's rows. One call is one step: it removes
-- up to batch_rows rows of the first table that has any, in the order in which nothing refers to
-- what is removed. The caller commits and calls again until is_finished; after a crash it goes on.
-- The trail of the tenant stays. It works in the tenant that is named, hence the setting.
CREATE OR REPLACE FUNCTION dsvault.erase_tenant(
    INOUT tenant_id   uuid,
    slug              text,
    batch_rows        integer DEFAULT 10000,
    OUT removed       jsonb,
    OUT is_finished   boolean
)
    RETURNS record
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before text := coalesce(current_setting('app.current_tenant_id', true), '');
    v_tenant dsvault.tenants;
    v_table  record;
    v_count  bigint := 0;
BEGIN
    PERFORM set_config('app.current_tenant_id', coalesce(erase_tenant.tenant_id::text, ''), true);
    SELECT * INTO v_tenant FROM dsvault.tenants AS t WHERE t.id = erase_tenant.tenant_id;
    IF v_tenant.id IS NOT NULL THEN
        PERFORM dsvault_private.may_erase(v_tenant, slug);
        INSERT INTO dsvault.tenant_erasures (tenant_id, slug)
        SELECT v_tenant.id, v_tenant.slug
        WHERE NOT EXISTS (
            SELECT FROM dsvault.tenant_erasures AS e WHERE e.tenant_id = v_tenant.id);
        FOR v_table IN SELECT * FROM dsvault_private.erasure_order() LOOP
            EXECUTE format('DELETE FROM dsvault.%1$I AS r
                WHERE r.tenant_id = $1 AND (r.%2$I, r.%3$I) IN (
                    SELECT o.%2$I, o.%3$I FROM dsvault.%1$I AS o
                    WHERE o.tenant_id = $1 LIMIT $2)',
                v_table.name, v_table.key_1, v_table.key_2)
                USING v_tenant.id, greatest(batch_rows, 1);
            GET DIAGNOSTICS v_count = ROW_COUNT;
            EXIT WHEN v_count > 0;
        END LOOP;
        IF v_count = 0 THEN
            DELETE FROM dsvault.tenants AS t WHERE t.id = v_tenant.id;
        END IF;
        UPDATE dsvault.tenant_erasures AS e
        SET removed = e.removed || CASE WHEN v_count > 0 THEN jsonb_build_object(v_table.name,
                coalesce((e.removed ->> v_table.name)::bigint, 0) + v_count) ELSE '{}' END,
            finished_at = CASE WHEN v_count = 0 THEN clock_timestamp() END
        WHERE e.tenant_id = v_tenant.id;
    END IF;
    SELECT e.removed, e.finished_at IS NOT NULL INTO removed, is_finished
    FROM dsvault.tenant_erasures AS e WHERE e.tenant_id = erase_tenant.tenant_id;
    IF is_finished IS NULL THEN
        RAISE EXCEPTION 'there is no tenant % to erase',
            coalesce(erase_tenant.tenant_id::text, 'NULL')
            USING ERRCODE = 'DV741', HINT = 'dsvault tenant list shows those that there are.';
    END IF;
    PERFORM set_config('app.current_tenant_id', v_before, true);
END;
$$;

COMMENT ON FUNCTION dsvault.erase_tenant(uuid, text, integer) IS
    'Removes up to batch_rows rows of a closed tenant, whose slug must be given; returns what is '
    'removed by now, by table, and whether that is all. The audit trail stays (DV741 to DV746).';

REVOKE ALL ON FUNCTION dsvault.erase_tenant(uuid, text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.erase_tenant(uuid, text, integer) TO dsvault_operator;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault FROM dsvault_definer;

COMMIT;
