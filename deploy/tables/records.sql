-- Deploy dsvault:tables/records to pg
-- requires: tables/dataset_versions
-- requires: facts/statistics
--
-- Why:    the content of a version, record by record, encrypted before it reaches the server.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.dataset_versions for the foreign key, no scan.
-- Data:   none.
-- Revert: loses every record.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

CREATE TABLE IF NOT EXISTS dsvault.records (
    id              uuid        NOT NULL DEFAULT gen_random_uuid(),
    tenant_id       uuid        NOT NULL DEFAULT dsvault.current_tenant_id(),
    dataset_id      uuid        NOT NULL,
    version_id      uuid        NOT NULL,
    content_hash    varchar(64) NOT NULL,
    encrypted_data  bytea       NOT NULL,
    pii_annotations jsonb       DEFAULT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT records_pkey PRIMARY KEY (tenant_id, dataset_id, id),
    -- Names the dataset too: a record cannot claim another dataset than its version's.
    CONSTRAINT records_version_fk FOREIGN KEY (tenant_id, dataset_id, version_id)
        REFERENCES dsvault.dataset_versions (tenant_id, dataset_id, id) ON DELETE CASCADE,
    -- HMAC-SHA-256 as lower-case hex: whatever else was hashed does not belong here.
    -- A pattern with {64} would take ten times as long as length and kind of sign asked apart.
    CONSTRAINT records_content_hash_format
        CHECK (octet_length(content_hash) = 64 AND content_hash !~ '[^0-9a-f]'),
    -- Plain text is refused: "DSV", a version, the suite, then key, nonce, ciphertext and tag.
    CONSTRAINT records_encrypted_data_header CHECK (
        substring(encrypted_data FROM 1 FOR 4) = '\x44535601'
        AND ((substring(encrypted_data FROM 5 FOR 1) = '\x01'
                AND octet_length(encrypted_data) >= 49)
            OR (substring(encrypted_data FROM 5 FOR 1) = '\x02'
                AND octet_length(encrypted_data) >= 61))),
    -- Searches and counts go through its members; NULL is a record of which nothing is noted.
    CONSTRAINT records_pii_annotations_is_object
        CHECK (jsonb_typeof(pii_annotations) = 'object')
) PARTITION BY HASH (dataset_id);

-- Sixteen partitions: a dataset's records lie together, and large datasets spread over the disk.
-- A partition has row security without a policy, and no grant: by its own name it is closed to all.
-- A dataset has one tenant. A planner that does not know it expects fewer records of a dataset than
-- there are; for a partition it asks the partition's own statistics, not those of the parent. That
-- a version has one dataset is not told on purpose: where most datasets have one version, either
-- index would look as good as the other, and that of the dataset reads all versions of it.
DO $$
DECLARE
    v_name text;
BEGIN
    FOR i IN 0..15 LOOP
        v_name := 'records_p' || i;
        EXECUTE pg_catalog.format(
            'CREATE TABLE IF NOT EXISTS dsvault.%I PARTITION OF dsvault.records
                FOR VALUES WITH (MODULUS 16, REMAINDER %s)', 'records_p' || i, i);
        EXECUTE pg_catalog.format('ALTER TABLE dsvault.%I ENABLE ROW LEVEL SECURITY', v_name);
        EXECUTE pg_catalog.format('ALTER TABLE dsvault.%I FORCE ROW LEVEL SECURITY', v_name);
        EXECUTE pg_catalog.format('COMMENT ON TABLE dsvault.%I IS %L', v_name,
            'Records of datasets with hash remainder ' || i || ' of 16; reached through records.');
        EXECUTE pg_catalog.format(
            'CREATE STATISTICS IF NOT EXISTS dsvault.%I (dependencies)
                ON tenant_id, dataset_id FROM dsvault.%I',
            v_name || '_dependencies', v_name);
        EXECUTE pg_catalog.format('COMMENT ON STATISTICS dsvault.%I IS %L',
            v_name || '_dependencies', 'A dataset has one tenant.');
    END LOOP;
END;
$$;

-- The version first, for all records of a version; with the dataset it serves the foreign key too.
CREATE INDEX IF NOT EXISTS idx_records_version
    ON dsvault.records (tenant_id, version_id, dataset_id);
CREATE INDEX IF NOT EXISTS idx_records_content_hash ON dsvault.records (tenant_id, content_hash);
CREATE INDEX IF NOT EXISTS idx_records_created_at ON dsvault.records (tenant_id, created_at DESC);
CREATE INDEX IF NOT EXISTS idx_records_pii ON dsvault.records USING gin (pii_annotations)
    WHERE pii_annotations IS NOT NULL;

COMMENT ON TABLE dsvault.records IS
    'Individual encrypted data records (partitioned by dataset_id)';
COMMENT ON COLUMN dsvault.records.id IS 'Identifies the record within its dataset.';
COMMENT ON COLUMN dsvault.records.tenant_id IS
    'Tenant of the row; the session''s tenant if left out; never changes.';
COMMENT ON COLUMN dsvault.records.dataset_id IS
    'Dataset of the record, the same as its version''s; decides the partition.';
COMMENT ON COLUMN dsvault.records.version_id IS 'Version that the record belongs to.';
-- A plain SHA-256, as the design had it, lets whoever reads the column guess short values.
COMMENT ON COLUMN dsvault.records.content_hash IS
    'HMAC-SHA-256 under the tenant''s key, for deduplication and integrity; 64 hex digits.';
COMMENT ON COLUMN dsvault.records.encrypted_data IS 'AES-256-GCM encrypted record content';
COMMENT ON COLUMN dsvault.records.pii_annotations IS
    'Field-level PII classification and token mappings';
COMMENT ON COLUMN dsvault.records.created_at IS 'When the row was made.';
COMMENT ON INDEX dsvault.idx_records_pii IS
    'Serves searches inside of annotations by functions that add the tenant themselves.';

COMMIT;
