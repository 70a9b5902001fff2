-- Deploy dsvault:functions/guard_retention to pg
-- requires: policies/datasets
-- requires: policies/dataset_versions
-- requires: functions/refuse_retained
--
-- Why:    what must be kept is kept, whoever deletes: a policy that binds maintenance alone binds
--         nobody.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault_private TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER: whoever deletes a dataset may not be let to read its versions. It asks in the
-- row's tenant, hence the setting, which is put back. The versions go with the dataset, by cascade.
CREATE OR REPLACE FUNCTION dsvault_private.tg_datasets__retained()
    RETURNS trigger
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before text := coalesce(current_setting('app.current_tenant_id', true), '');
    v_days   integer := coalesce((OLD.retention_policy ->> 'min_days')::integer, 0);
    v_number bigint;
    v_until  timestamptz;
BEGIN
    PERFORM set_config('app.current_tenant_id', OLD.tenant_id::text, true);
    PERFORM dsvault_private.refuse_held(
        OLD.tenant_id, OLD.id, OLD.name::text, OLD.retention_policy);
    IF TG_OP = 'DELETE' AND v_days > 0 THEN
        SELECT v.version_number, v.created_at + make_interval(days => v_days)
        INTO v_number, v_until
        FROM dsvault.dataset_versions AS v
        WHERE v.tenant_id = OLD.tenant_id AND v.dataset_id = OLD.id AND v.status <> 'draft'
            AND v.created_at + make_interval(days => v_days) > now()
        ORDER BY v.created_at DESC
        LIMIT 1;
        IF v_number IS NOT NULL THEN
            PERFORM dsvault_private.refuse_early(OLD.id, v_number, v_until);
        END IF;
    END IF;
    PERFORM set_config('app.current_tenant_id', v_before, true);
    RETURN OLD; -- an UPDATE is over when it is asked
END;
$$;

-- SECURITY DEFINER, as above. A dataset that is being deleted is no longer there: it was asked.
CREATE OR REPLACE FUNCTION dsvault_private.tg_versions__retained()
    RETURNS trigger
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before text := coalesce(current_setting('app.current_tenant_id', true), '');
    v_tenant uuid;
    v_found  record;
BEGIN
    FOR v_tenant IN SELECT DISTINCT o.tenant_id FROM old_rows AS o LOOP
        PERFORM set_config('app.current_tenant_id', v_tenant::text, true);
        PERFORM dsvault_private.refuse_held(
            d.tenant_id, d.id, d.name::text, d.retention_policy)
        FROM dsvault.datasets AS d
        WHERE d.tenant_id = v_tenant
            AND d.id IN (SELECT o.dataset_id FROM old_rows AS o WHERE o.tenant_id = v_tenant);
        FOR v_found IN
            SELECT d.id, o.version_number, o.created_at + make_interval(
                days => (d.retention_policy ->> 'min_days')::integer) AS kept_until
            FROM old_rows AS o
                JOIN dsvault.datasets AS d
                    ON d.tenant_id = o.tenant_id AND d.id = o.dataset_id
            WHERE o.tenant_id = v_tenant AND o.status <> 'draft' AND o.created_at
                + make_interval(days => (d.retention_policy ->> 'min_days')::integer) > now()
            ORDER BY d.id, o.version_number
            LIMIT 1
        LOOP
            PERFORM dsvault_private.refuse_early(
                v_found.id, v_found.version_number, v_found.kept_until);
        END LOOP;
    END LOOP;
    PERFORM set_config('app.current_tenant_id', v_before, true);
    RETURN NULL;
END;
$$;

-- SECURITY DEFINER, as above. Records of a published version do not change, so a hold is all there
-- is to ask; it keeps drafts too.
CREATE OR REPLACE FUNCTION dsvault_private.tg_records__retained()
    RETURNS trigger
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before  text := coalesce(current_setting('app.current_tenant_id', true), '');
    v_touched record;
BEGIN
    FOR v_touched IN
        SELECT o.tenant_id, array_agg(DISTINCT o.dataset_id) AS datasets
        FROM old_rows AS o GROUP BY o.tenant_id
    LOOP
        PERFORM set_config('app.current_tenant_id', v_touched.tenant_id::text, true);
        PERFORM dsvault_private.refuse_held(
            d.tenant_id, d.id, d.name::text, d.retention_policy)
        FROM dsvault.datasets AS d
        WHERE d.tenant_id = v_touched.tenant_id AND d.id = ANY (v_touched.datasets);
    END LOOP;
    PERFORM set_config('app.current_tenant_id', v_before, true);
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION dsvault_private.tg_datasets__retained() IS
    'Row trigger before DELETE and after UPDATE: refuses to delete a dataset, or to mark it '
    'deleted, under legal hold (DV731), and to delete one whose versions have to be kept (DV732).';
COMMENT ON FUNCTION dsvault_private.tg_versions__retained() IS
    'Statement trigger after DELETE: refuses versions of a dataset under legal hold (DV731), and '
    'those that were published and have to be kept (DV732).';
COMMENT ON FUNCTION dsvault_private.tg_records__retained() IS
    'Statement trigger after DELETE: refuses records of a dataset under legal hold (DV731).';

REVOKE ALL ON FUNCTION dsvault_private.tg_datasets__retained(),
    dsvault_private.tg_versions__retained(), dsvault_private.tg_records__retained() FROM PUBLIC;
-- Making a trigger takes the right to execute its function; the owner makes them.
GRANT EXECUTE ON FUNCTION dsvault_private.tg_datasets__retained(),
    dsvault_private.tg_versions__retained(), dsvault_private.tg_records__retained()
    TO dsvault_owner;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault_private FROM dsvault_definer;

COMMIT;
