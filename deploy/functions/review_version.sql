-- Deploy dsvault:functions/review_version to pg
-- requires: functions/retention_notes
-- requires: policies/datasets
-- requires: policies/dataset_versions
-- requires: functions/has_permission
--
-- Why:    what a retention policy wants reviewed, somebody decides and says what.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER: the decision is written into the trail, which nobody writes by hand.
CREATE OR REPLACE FUNCTION dsvault.review_version(version_id uuid, decision text)
    RETURNS uuid
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_dataset uuid;
BEGIN
    SELECT v.dataset_id INTO v_dataset
    FROM dsvault.dataset_versions AS v
    WHERE v.tenant_id = dsvault.current_tenant_id() AND v.id = review_version.version_id;
    IF v_dataset IS NULL
        OR NOT dsvault.has_permission(dsvault.current_user_id(), 'dataset:update', v_dataset)
    THEN
        RAISE EXCEPTION 'there is no version % that the current user may review',
            coalesce(review_version.version_id::text, 'NULL')
            USING ERRCODE = 'DV733',
                HINT = 'It takes dataset:update on its dataset; the dataset''s owner holds it.';
    END IF;
    IF coalesce(trim(decision), '') = '' THEN
        RAISE EXCEPTION 'a review says what was decided'
            USING ERRCODE = 'DV734', HINT = 'Say it in a few words; the audit trail keeps them.';
    END IF;
    RETURN dsvault_private.note_retention(review_version.version_id, 'version.review',
        jsonb_build_object('decision', decision));
END;
$$;

COMMENT ON FUNCTION dsvault.review_version(uuid, text) IS
    'Notes in the audit trail what was decided on a version whose retention policy wants it '
    'reviewed; it is due again after duration_days. For dataset:update (DV733), with words '
    '(DV734).';

REVOKE ALL ON FUNCTION dsvault.review_version(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.review_version(uuid, text) TO dsvault_app;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault FROM dsvault_definer;

COMMIT;
