-- Deploy dsvault:functions/may_erase to pg
-- requires: functions/held_tenants
-- requires: policies/datasets
-- requires: policies/dataset_versions
-- requires: schemas/dsvault_private
--
-- Why:    what is erased is gone for ever: it takes a closed tenant, its name, no legal hold, and
--         the end of what has to be kept.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault_private TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

CREATE OR REPLACE FUNCTION dsvault_private.erasure_order()
    RETURNS TABLE (name text, key_1 text, key_2 text)
    LANGUAGE sql
    IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    VALUES
        ('records', 'dataset_id', 'id'),
        ('lineage_edges', 'id', 'id'),
        ('token_accesses', 'id', 'id'),
        ('tokens', 'id', 'id'),
        ('dataset_versions', 'id', 'id'),
        ('datasets', 'id', 'id'),
        ('schemas', 'id', 'id'),
        ('user_roles', 'user_id', 'role_id'),
        ('roles', 'id', 'id'),
        ('users', 'id', 'id'),
        ('encryption_keys', 'id', 'id');
$$;

CREATE OR REPLACE FUNCTION dsvault_private.may_erase(tenant dsvault.tenants, slug text)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_held text := array_to_string(dsvault_private.legal_holds(tenant.id), ', ');
BEGIN
    IF tenant.id = '00000000-0000-0000-0000-000000000000' THEN
        RAISE EXCEPTION 'the system tenant is not erased'
            USING ERRCODE = 'DV742', HINT = 'It holds the templates of every tenant''s roles.';
    END IF;
    IF may_erase.slug IS DISTINCT FROM tenant.slug::text THEN
        RAISE EXCEPTION 'the slug does not match'
            USING ERRCODE = 'DV743',
                DETAIL = format('Tenant %s has another slug than %s.', tenant.id,
                    coalesce(may_erase.slug, 'NULL')),
                HINT = 'Give the slug of the tenant that is to be erased, to be sure.';
    END IF;
    IF NOT tenant.is_deleted THEN
        RAISE EXCEPTION 'tenant % is not closed', tenant.slug
            USING ERRCODE = 'DV744', HINT = 'Close it first: dsvault tenant close.';
    END IF;
    IF v_held <> '' THEN
        RAISE EXCEPTION 'tenant % is under legal hold, or has datasets that are', tenant.slug
            USING ERRCODE = 'DV745', DETAIL = format('Held: %s.', v_held),
                HINT = 'Lift the holds first, if the law allows.';
    END IF;
    SELECT string_agg(DISTINCT d.name, ', ' ORDER BY d.name) INTO v_held
    FROM dsvault.datasets AS d
        JOIN dsvault.dataset_versions AS v
            ON v.tenant_id = d.tenant_id AND v.dataset_id = d.id AND v.status <> 'draft'
    WHERE d.tenant_id = tenant.id AND v.created_at + make_interval(
        days => (d.retention_policy ->> 'min_days')::integer) > now();
    IF v_held IS NOT NULL THEN
        RAISE EXCEPTION 'tenant % has versions that have to be kept for some time', tenant.slug
            USING ERRCODE = 'DV746',
                DETAIL = format('min_days of the retention_policy are not over: %s.', v_held),
                HINT = 'Wait until they are, or shorten them, if the law allows.';
    END IF;
END;
$$;

COMMENT ON FUNCTION dsvault_private.erasure_order() IS
    'Tables of a tenant in the order in which its rows are removed, each with its key, a key '
    'of one column twice; what a tenant used goes with its own row.';
COMMENT ON FUNCTION dsvault_private.may_erase(dsvault.tenants, text) IS
    'Refuses to erase the system tenant (DV742), by another slug (DV743), a tenant that is not '
    'closed (DV744), is under legal hold or has datasets that are (DV745), or versions whose '
    'min_days are not over (DV746).';

REVOKE ALL ON FUNCTION dsvault_private.erasure_order() FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_private.may_erase(dsvault.tenants, text) FROM PUBLIC;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault_private FROM dsvault_definer;

COMMIT;
