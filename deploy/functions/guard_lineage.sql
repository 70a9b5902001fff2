-- Deploy dsvault:functions/guard_lineage to pg
-- requires: policies/lineage_edges
-- requires: policies/datasets
-- requires: policies/dataset_versions
-- requires: policies/records
-- requires: schemas/dsvault_private
--
-- Why:    a graph of origins in which an end is missing, or something comes from itself, explains
--         nothing.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault_private TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER: whoever states an origin may not be let to read all of the tenant. It asks in
-- the rows' tenant, hence the setting, which is put back at the end. A transformation is nothing
-- that the vault keeps, so any id names one.
CREATE OR REPLACE FUNCTION dsvault_private.tg_lineage_edges__ends()
    RETURNS trigger
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before text := coalesce(current_setting('app.current_tenant_id', true), '');
    v_tenant uuid;
    v_end    record;
BEGIN
    FOR v_tenant IN SELECT DISTINCT n.tenant_id FROM new_rows AS n LOOP
        PERFORM set_config('app.current_tenant_id', v_tenant::text, true);
        SELECT e.type, e.id INTO v_end
        FROM (
            SELECT n.source_type, n.source_id FROM new_rows AS n WHERE n.tenant_id = v_tenant
            UNION
            SELECT n.target_type, n.target_id FROM new_rows AS n WHERE n.tenant_id = v_tenant
        ) AS e (type, id)
        WHERE (e.type = 'dataset' AND NOT EXISTS (
                SELECT FROM dsvault.datasets AS d WHERE d.tenant_id = v_tenant AND d.id = e.id))
            OR (e.type = 'version' AND NOT EXISTS (
                SELECT FROM dsvault.dataset_versions AS v
                WHERE v.tenant_id = v_tenant AND v.id = e.id))
            OR (e.type = 'record' AND NOT EXISTS (
                SELECT FROM dsvault.records AS r WHERE r.tenant_id = v_tenant AND r.id = e.id))
        LIMIT 1;
        IF v_end.id IS NOT NULL THEN
            RAISE EXCEPTION 'there is no % % in the tenant', v_end.type, v_end.id
                USING ERRCODE = 'DV706',
                    DETAIL = 'Both ends of an edge exist when it is stated.',
                    HINT = 'An edge reads: source was made from target. Check both ids.';
        END IF;
    END LOOP;
    PERFORM set_config('app.current_tenant_id', v_before, true);
    RETURN NULL;
END;
$$;

-- SECURITY DEFINER: for the same reason. The lock makes two sessions that would close a circle
-- together wait for each other; a snapshot from before the wait would not see the other's edge.
CREATE OR REPLACE FUNCTION dsvault_private.tg_lineage_edges__acyclic()
    RETURNS trigger
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before text := coalesce(current_setting('app.current_tenant_id', true), '');
    v_tenant uuid;
    v_end    record;
BEGIN
    FOR v_tenant IN
        SELECT DISTINCT n.tenant_id FROM new_rows AS n
        WHERE n.relationship = 'derived_from'
        ORDER BY 1
    LOOP
        IF current_setting('transaction_isolation') = 'repeatable read' THEN
            RAISE EXCEPTION 'derived_from cannot be stated at this isolation level'
                USING ERRCODE = 'DV708',
                    DETAIL = 'At repeatable read a circle closed by others meanwhile is not seen.',
                    HINT = 'Use read committed or serializable.';
        END IF;
        PERFORM pg_advisory_xact_lock(hashtextextended('dsvault.lineage ' || v_tenant, 0));
        PERFORM set_config('app.current_tenant_id', v_tenant::text, true);
        WITH RECURSIVE origins (source_type, source_id, type, id) AS (
            SELECT n.source_type, n.source_id, n.target_type, n.target_id
            FROM new_rows AS n
            WHERE n.tenant_id = v_tenant AND n.relationship = 'derived_from'
            UNION
            SELECT o.source_type, o.source_id, e.target_type, e.target_id
            FROM origins AS o
                JOIN dsvault.lineage_edges AS e ON e.tenant_id = v_tenant
                    AND e.source_type = o.type AND e.source_id = o.id
                    AND e.relationship = 'derived_from'
        )
        SELECT o.type, o.id INTO v_end
        FROM origins AS o
        WHERE o.type = o.source_type AND o.id = o.source_id
        LIMIT 1;
        IF v_end.id IS NOT NULL THEN
            RAISE EXCEPTION '% % would be derived from itself', v_end.type, v_end.id
                USING ERRCODE = 'DV707',
                    DETAIL = 'derived_from has no circles, however long.',
                    HINT = 'An edge reads: source was made from target. Check its direction.';
        END IF;
    END LOOP;
    PERFORM set_config('app.current_tenant_id', v_before, true);
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION dsvault_private.tg_lineage_edges__ends() IS
    'Statement trigger after INSERT and UPDATE: both ends exist in the tenant (DV706).';
COMMENT ON FUNCTION dsvault_private.tg_lineage_edges__acyclic() IS
    'Statement trigger after INSERT and UPDATE: nothing is derived from itself (DV707), which '
    'repeatable read could not tell (DV708).';

REVOKE ALL ON FUNCTION dsvault_private.tg_lineage_edges__ends() FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_private.tg_lineage_edges__acyclic() FROM PUBLIC;
-- Making a trigger takes the right to execute its function; the owner makes them.
GRANT EXECUTE ON FUNCTION dsvault_private.tg_lineage_edges__ends() TO dsvault_owner;
GRANT EXECUTE ON FUNCTION dsvault_private.tg_lineage_edges__acyclic() TO dsvault_owner;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault_private FROM dsvault_definer;

COMMIT;
