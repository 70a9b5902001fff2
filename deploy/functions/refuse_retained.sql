-- Deploy dsvault:functions/refuse_retained to pg
-- requires: schemas/dsvault_private
-- requires: roles/dsvault_definer
-- requires: functions/held_tenants
--
-- Why:    whoever may not delete yet is told in the same words, whatever he tried to delete.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault_private TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- In the tenant of the dataset, like what it calls.
CREATE OR REPLACE FUNCTION dsvault_private.refuse_held(
    tenant_id uuid, dataset_id uuid, name text, policy jsonb)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_where text := CASE
        WHEN policy -> 'legal_hold' = 'true'
            THEN format('the retention_policy of dataset %s', dataset_id)
        WHEN dsvault_private.is_tenant_held(tenant_id)
            THEN format('the settings of tenant %s', tenant_id)
    END;
BEGIN
    IF v_where IS NOT NULL THEN
        RAISE EXCEPTION 'dataset % is under legal hold', name
            USING ERRCODE = 'DV731',
                DETAIL = format('legal_hold is true in %s.', v_where),
                HINT = 'Nothing of it is deleted until the hold is lifted there, if the law '
                    'allows.';
    END IF;
END;
$$;

CREATE OR REPLACE FUNCTION dsvault_private.refuse_early(
    dataset_id uuid, version_number bigint, kept_until timestamptz)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'version % of dataset % is kept until %',
        version_number, dataset_id, kept_until::date
        USING ERRCODE = 'DV732',
            DETAIL = 'min_days of the dataset''s retention_policy are not over.',
            HINT = 'Archive the version, or mark its dataset deleted; both keep it.';
END;
$$;

COMMENT ON FUNCTION dsvault_private.refuse_held(uuid, uuid, text, jsonb) IS
    'Refuses if a dataset, whose retention_policy is given, or its tenant is under legal hold '
    '(DV731).';
COMMENT ON FUNCTION dsvault_private.refuse_early(uuid, bigint, timestamptz) IS
    'Refuses on account of min_days that are not over (DV732).';

REVOKE ALL ON FUNCTION dsvault_private.refuse_held(uuid, uuid, text, jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_private.refuse_early(uuid, bigint, timestamptz) FROM PUBLIC;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault_private FROM dsvault_definer;

COMMIT;
