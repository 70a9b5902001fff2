-- Deploy dsvault:functions/guard_schemas to pg
-- requires: policies/schemas
-- requires: schemas/dsvault_private
--
-- Why:    versions of a schema are counted, descend from one another, and keep the promise of
--         compatibility that they make.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault_private TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER: schema:create comes without schema:read. 1, the default, asks for the next
-- number. The lock makes two sessions that add to one name wait for each other. It refuses
-- nothing: row security has not had its say yet.
CREATE OR REPLACE FUNCTION dsvault_private.tg_schemas__number()
    RETURNS trigger
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before text := coalesce(current_setting('app.current_tenant_id', true), '');
BEGIN
    IF NEW.tenant_id IS NOT NULL AND NEW.name IS NOT NULL THEN
        PERFORM set_config('app.current_tenant_id', NEW.tenant_id::text, true);
        PERFORM pg_advisory_xact_lock(
            hashtextextended(format('dsvault.schemas %s %s', NEW.tenant_id, NEW.name), 0));
        NEW.version := (
            SELECT coalesce(max(s.version), 0) + 1 FROM dsvault.schemas AS s
            WHERE s.tenant_id = NEW.tenant_id AND s.name = NEW.name);
        PERFORM set_config('app.current_tenant_id', v_before, true);
    END IF;
    RETURN NEW;
END;
$$;

-- Fields that a reader of one definition needs and a writer of the other may leave out or change.
CREATE OR REPLACE FUNCTION dsvault_private.schema_breaks(writer jsonb, reader jsonb)
    RETURNS text[]
    LANGUAGE sql
    IMMUTABLE
    PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(array_agg(b.field ORDER BY b.field), '{}')
    FROM (
        SELECT jsonb_array_elements_text(CASE jsonb_typeof(schema_breaks.reader -> 'required')
            WHEN 'array' THEN schema_breaks.reader -> 'required' ELSE '[]' END)
        EXCEPT
        SELECT jsonb_array_elements_text(CASE jsonb_typeof(schema_breaks.writer -> 'required')
            WHEN 'array' THEN schema_breaks.writer -> 'required' ELSE '[]' END)
        UNION
        SELECT r.key
        FROM jsonb_each(CASE jsonb_typeof(schema_breaks.reader -> 'properties')
            WHEN 'object' THEN schema_breaks.reader -> 'properties' ELSE '{}' END) AS r
        WHERE r.value -> 'type'
            IS DISTINCT FROM schema_breaks.writer #> ARRAY['properties', r.key, 'type']
            AND schema_breaks.writer #> ARRAY['properties', r.key, 'type'] IS NOT NULL
            AND r.value -> 'type' IS NOT NULL
    ) AS b (field);
$$;

-- SECURITY DEFINER: for the same reason. It asks in the row's tenant, hence the setting, which is
-- put back at the end. A draft is checked when it comes into use.
CREATE OR REPLACE FUNCTION dsvault_private.tg_schemas__check()
    RETURNS trigger
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before text := coalesce(current_setting('app.current_tenant_id', true), '');
    v_parent record;
    v_breaks text[] := '{}'::text[];
BEGIN
    PERFORM set_config('app.current_tenant_id', NEW.tenant_id::text, true);
    SELECT s.name, s.version, s.definition INTO v_parent
    FROM dsvault.schemas AS s
    WHERE s.tenant_id = NEW.tenant_id AND s.id = NEW.parent_schema_id;
    PERFORM set_config('app.current_tenant_id', v_before, true);
    IF v_parent.name IS NULL THEN
        RETURN NULL;
    END IF;
    IF v_parent.name <> NEW.name OR v_parent.version >= NEW.version THEN
        RAISE EXCEPTION 'version % of schema % cannot descend from version % of schema %',
            NEW.version, NEW.name, v_parent.version, v_parent.name
            USING ERRCODE = 'DV704',
                HINT = 'Name an earlier version of the same schema, or none.';
    END IF;
    IF NEW.status = 'active' AND NEW.compatibility_mode IN ('backward', 'full') THEN
        v_breaks := dsvault_private.schema_breaks(v_parent.definition, NEW.definition);
    END IF;
    IF NEW.status = 'active' AND NEW.compatibility_mode IN ('forward', 'full') THEN
        v_breaks := v_breaks
            || dsvault_private.schema_breaks(NEW.definition, v_parent.definition);
    END IF;
    IF v_breaks <> '{}' THEN
        RAISE EXCEPTION 'version % of schema % is not compatible with version %',
            NEW.version, NEW.name, v_parent.version
            USING ERRCODE = 'DV705',
                DETAIL = format('Its mode is %s; these fields are required on one side only or '
                    'changed their type: %s.', NEW.compatibility_mode,
                    array_to_string(v_breaks, ', ')),
                HINT = 'Leave the fields as they are, or set compatibility_mode to none.';
    END IF;
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION dsvault_private.tg_schemas__number() IS
    'Row trigger before INSERT: gives a schema version the next number of its name.';
COMMENT ON FUNCTION dsvault_private.schema_breaks(jsonb, jsonb) IS
    'Top-level fields for which what follows the writer''s definition may not satisfy the '
    'reader''s.';
COMMENT ON FUNCTION dsvault_private.tg_schemas__check() IS
    'Row trigger after INSERT and UPDATE: the parent is an earlier version of the same name '
    '(DV704), and an active definition is as compatible with it as it says (DV705).';

REVOKE ALL ON FUNCTION dsvault_private.tg_schemas__number() FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_private.schema_breaks(jsonb, jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_private.tg_schemas__check() FROM PUBLIC;
-- Making a trigger takes the right to execute its function; the owner makes them.
GRANT EXECUTE ON FUNCTION dsvault_private.tg_schemas__number() TO dsvault_owner;
GRANT EXECUTE ON FUNCTION dsvault_private.tg_schemas__check() TO dsvault_owner;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault_private FROM dsvault_definer;

COMMIT;
