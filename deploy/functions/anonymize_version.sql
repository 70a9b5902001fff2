-- Deploy dsvault:functions/anonymize_version to pg
-- requires: functions/empty_tokens
-- requires: functions/retention_notes
-- requires: policies/records
-- requires: policies/datasets
--
-- Why:    the server cannot read a record, nor change one that is published; what it can take away
--         is where the tokens in it lead.
-- Locks:  none. When called: ROW EXCLUSIVE on tokens.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault_private TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- A record whose fields are encrypted keeps them, whatever becomes of its tokens.
CREATE OR REPLACE FUNCTION dsvault_private.not_anonymizable(
    tenant_id uuid, dataset_id uuid, version_id uuid)
    RETURNS text
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT CASE
            WHEN bool_or(jsonb_path_exists(r.pii_annotations, '$.* ? (@.encrypted == true)'))
                THEN 'has fields that are encrypted: clients have to do it'
            WHEN bool_or(jsonb_path_exists(r.pii_annotations, '$.*.token')) IS NOT TRUE
                THEN 'nothing in it is a token: clients have to do it'
        END
        FROM dsvault.records AS r
        WHERE r.tenant_id = not_anonymizable.tenant_id
            AND r.dataset_id = not_anonymizable.dataset_id
            AND r.version_id = not_anonymizable.version_id);
END;
$$;

-- A token that another version of a live dataset carries leads on, unless that one goes as well.
CREATE OR REPLACE FUNCTION dsvault_private.anonymize_version(
    tenant_id uuid, dataset_id uuid, version_id uuid, going uuid[])
    RETURNS bigint
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_named text[];
    v_kept  text[];
    v_count bigint;
BEGIN
    SELECT coalesce(array_agg(DISTINCT t.token), '{}') INTO v_named
    FROM dsvault.records AS r
        CROSS JOIN LATERAL jsonb_each(r.pii_annotations) AS e
        CROSS JOIN LATERAL (VALUES (e.value ->> 'token'), (e.value ->> 'spelling')) AS t (token)
    WHERE r.tenant_id = anonymize_version.tenant_id
        AND r.dataset_id = anonymize_version.dataset_id
        AND r.version_id = anonymize_version.version_id
        AND r.pii_annotations IS NOT NULL AND t.token IS NOT NULL;
    SELECT coalesce(array_agg(DISTINCT t.token), '{}') INTO v_kept
    FROM dsvault.records AS r
        JOIN dsvault.datasets AS d ON d.tenant_id = r.tenant_id AND d.id = r.dataset_id
        CROSS JOIN LATERAL jsonb_each(r.pii_annotations) AS e
        CROSS JOIN LATERAL (VALUES (e.value ->> 'token'), (e.value ->> 'spelling')) AS t (token)
        JOIN unnest(v_named) AS n (token) ON n.token = t.token
    WHERE r.tenant_id = anonymize_version.tenant_id
        AND r.version_id <> ALL (anonymize_version.going || anonymize_version.version_id)
        AND r.pii_annotations IS NOT NULL AND d.deleted_at IS NULL;
    v_count := dsvault_private.empty_tokens(anonymize_version.tenant_id, ARRAY(
        SELECT dsvault_private.token_id(n.token) FROM unnest(v_named) AS n (token)
        EXCEPT
        SELECT dsvault_private.token_id(k.token) FROM unnest(v_kept) AS k (token)));
    PERFORM dsvault_private.note_retention(anonymize_version.version_id, 'version.anonymize',
        jsonb_build_object('emptied', v_count, 'kept', cardinality(v_kept)));
    RETURN v_count;
END;
$$;

COMMENT ON FUNCTION dsvault_private.not_anonymizable(uuid, uuid, uuid) IS
    'Why a version cannot be anonymized by the server; NULL if it can.';
COMMENT ON FUNCTION dsvault_private.anonymize_version(uuid, uuid, uuid, uuid[]) IS
    'Empties the tokens that a version''s records name and no version that stays does, and notes '
    'it; going are the versions that do not stay either. Returns how many tokens.';

REVOKE ALL ON FUNCTION dsvault_private.not_anonymizable(uuid, uuid, uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_private.anonymize_version(uuid, uuid, uuid, uuid[]) FROM PUBLIC;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault_private FROM dsvault_definer;

COMMIT;
