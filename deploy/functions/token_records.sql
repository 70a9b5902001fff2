-- Deploy dsvault:functions/token_records to pg
-- requires: policies/records
-- requires: functions/tenant_for
-- requires: roles/dsvault_finder
--
-- Why:    what is held about somebody is found by his token, in whatever number of records.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault TO dsvault_finder;
SET LOCAL ROLE dsvault_finder;

-- SECURITY DEFINER: below the policies of whoever asks no index of jsonb would be used. It adds the
-- tenant itself, and gives nothing without version:read. EXECUTE plans it for the token at hand, so
-- that the planner knows how rare that is. Quoted as JSON, a text is a string of jsonpath too.
CREATE OR REPLACE FUNCTION dsvault.token_records(token text)
    RETURNS TABLE (dataset_id uuid, version_id uuid, record_id uuid, pointer text)
    LANGUAGE plpgsql
    STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF token IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY EXECUTE
        'SELECT r.dataset_id, r.version_id, r.id, e.key
        FROM dsvault.records AS r CROSS JOIN LATERAL jsonb_each(r.pii_annotations) AS e
        WHERE r.tenant_id = $1 AND r.pii_annotations @? $2
            AND $3 IN (e.value ->> ''token'', e.value ->> ''spelling'')'
        USING dsvault.tenant_for('version:read'),
            format('$.* ? (@.token == %1$s || @.spelling == %1$s)',
                to_json(token_records.token))::jsonpath,
            token_records.token;
END;
$$;

COMMENT ON FUNCTION dsvault.token_records(text) IS
    'Records of the current tenant whose annotations name a token, each with the JSON pointer to '
    'it; none without version:read. Answered by idx_records_pii.';

REVOKE ALL ON FUNCTION dsvault.token_records(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.token_records(text) TO dsvault_app, dsvault_reader;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault FROM dsvault_finder;

COMMIT;
