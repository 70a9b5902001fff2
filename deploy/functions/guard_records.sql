-- Deploy dsvault:functions/guard_records to pg
-- requires: policies/dataset_versions
-- requires: schemas/dsvault_private
--
-- Why:    the records of a version are part of it: they are frozen when it is published.
-- Locks:  none. When called: ROW SHARE on dsvault.dataset_versions, and FOR SHARE on the versions
--         whose records change, so that none of them is published meanwhile.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault_private TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER: whoever writes records may not be let to read versions. One look a statement
-- and version. It asks in the rows' tenant, hence the setting, which is put back at the end. A
-- version that is being deleted is no longer there, so that its records go with it.
CREATE OR REPLACE FUNCTION dsvault_private.tg_records__frozen()
    RETURNS trigger
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before  text := coalesce(current_setting('app.current_tenant_id', true), '');
    v_touched jsonb;
    v_tenant  record;
    v_version record;
BEGIN
    IF TG_OP <> 'DELETE' THEN
        SELECT jsonb_agg(DISTINCT jsonb_build_array(r.tenant_id, r.version_id)) INTO v_touched
        FROM (SELECT n.tenant_id, n.version_id FROM new_rows AS n GROUP BY 1, 2) AS r;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        SELECT coalesce(v_touched, '[]') || coalesce(
            jsonb_agg(DISTINCT jsonb_build_array(r.tenant_id, r.version_id)), '[]') INTO v_touched
        FROM (SELECT o.tenant_id, o.version_id FROM old_rows AS o GROUP BY 1, 2) AS r;
    END IF;

    FOR v_tenant IN
        SELECT (t.pair ->> 0)::uuid AS id, array_agg((t.pair ->> 1)::uuid) AS versions
        FROM jsonb_array_elements(v_touched) AS t (pair)
        GROUP BY 1
    LOOP
        PERFORM set_config('app.current_tenant_id', v_tenant.id::text, true);
        FOR v_version IN
            SELECT v.id, v.status FROM dsvault.dataset_versions AS v
            WHERE v.tenant_id = v_tenant.id AND v.id = ANY (v_tenant.versions)
            ORDER BY v.id
            FOR SHARE
        LOOP
            IF v_version.status <> 'draft' THEN
                RAISE EXCEPTION 'version % is % and its records do not change',
                    v_version.id, v_version.status
                    USING ERRCODE = 'DV703',
                        DETAIL = format('The statement is %s.', TG_OP),
                        HINT = 'Write the records to a new draft, and publish that.';
            END IF;
        END LOOP;
    END LOOP;
    PERFORM set_config('app.current_tenant_id', v_before, true);
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION dsvault_private.tg_records__frozen() IS
    'Statement trigger after INSERT, UPDATE and DELETE: refuses to change records of a version '
    'that is no draft (DV703).';

REVOKE ALL ON FUNCTION dsvault_private.tg_records__frozen() FROM PUBLIC;
-- Making a trigger takes the right to execute its function; the owner makes them.
GRANT EXECUTE ON FUNCTION dsvault_private.tg_records__frozen() TO dsvault_owner;

SET LOCAL ROLE dsvault_owner;

-- What guards and records a statement belongs to the parent, and does not fire when a partition is
-- written to by its own name. Nobody has a grant on one; who needs none is told where to write.
CREATE OR REPLACE FUNCTION dsvault_private.tg_records__refuse_by_name()
    RETURNS trigger
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'records are not written through a partition: % on %', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'DV709',
            HINT = 'Write to dsvault.records, which keeps what it promises and leaves an audit '
                'entry.';
END;
$$;

COMMENT ON FUNCTION dsvault_private.tg_records__refuse_by_name() IS
    'Statement trigger on partitions of records: refuses to write to one by its own name (DV709).';

REVOKE ALL ON FUNCTION dsvault_private.tg_records__refuse_by_name() FROM PUBLIC;
REVOKE CREATE ON SCHEMA dsvault_private FROM dsvault_definer;

COMMIT;
