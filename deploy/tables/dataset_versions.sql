-- Deploy dsvault:tables/dataset_versions to pg
-- requires: tables/datasets
-- requires: tables/users
--
-- Why:    a dataset's content is kept as snapshots that build on one another, as commits do in Git.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.datasets and users for foreign keys, no scan.
-- Data:   none.
-- Revert: loses every version; refuses while records refer to it.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

CREATE TABLE IF NOT EXISTS dsvault.dataset_versions (
    id                uuid        NOT NULL DEFAULT gen_random_uuid(),
    tenant_id         uuid        NOT NULL DEFAULT dsvault.current_tenant_id(),
    dataset_id        uuid        NOT NULL,
    version_number    bigint      NOT NULL,
    parent_version_id uuid        DEFAULT NULL,
    commit_id         varchar(64) NOT NULL,
    tree_hash         varchar(64) NOT NULL,
    message           text        NOT NULL,
    author_id         uuid        NOT NULL,
    status            varchar(50) NOT NULL DEFAULT 'draft',
    record_count      bigint      NOT NULL DEFAULT 0,
    size_bytes        bigint      NOT NULL DEFAULT 0,
    storage_path      text        NOT NULL,
    manifest_hash     varchar(64) NOT NULL,
    metadata          jsonb       NOT NULL DEFAULT '{}'::jsonb,
    created_at        timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT dataset_versions_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT versions_dataset_number_unique UNIQUE (tenant_id, dataset_id, version_number),
    -- Records refer to it, so that a record cannot name another dataset than its version does.
    CONSTRAINT versions_dataset_id_unique UNIQUE (tenant_id, dataset_id, id),
    CONSTRAINT versions_dataset_fk FOREIGN KEY (tenant_id, dataset_id)
        REFERENCES dsvault.datasets (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT versions_parent_fk FOREIGN KEY (tenant_id, parent_version_id)
        REFERENCES dsvault.dataset_versions (tenant_id, id)
        ON DELETE SET NULL (parent_version_id),
    CONSTRAINT versions_author_fk FOREIGN KEY (tenant_id, author_id)
        REFERENCES dsvault.users (tenant_id, id) ON DELETE RESTRICT,
    -- A version is written as a draft and fixed when it is published.
    CONSTRAINT versions_status_check
        CHECK (status IN ('draft', 'published', 'archived', 'corrupted')),
    -- A count below zero is a fault of arithmetic.
    CONSTRAINT versions_record_count_positive CHECK (record_count >= 0),
    -- So is a size.
    CONSTRAINT versions_size_positive CHECK (size_bytes >= 0),
    -- Metadata is looked up by key.
    CONSTRAINT versions_metadata_is_object CHECK (jsonb_typeof(metadata) = 'object')
);

CREATE INDEX IF NOT EXISTS idx_versions_status ON dsvault.dataset_versions (tenant_id, status);
CREATE INDEX IF NOT EXISTS idx_versions_parent
    ON dsvault.dataset_versions (tenant_id, parent_version_id)
    WHERE parent_version_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS idx_versions_author ON dsvault.dataset_versions (tenant_id, author_id);
CREATE INDEX IF NOT EXISTS idx_versions_created_at
    ON dsvault.dataset_versions (tenant_id, created_at DESC);
CREATE INDEX IF NOT EXISTS idx_versions_commit_id
    ON dsvault.dataset_versions (tenant_id, commit_id);

COMMENT ON TABLE dsvault.dataset_versions IS 'Immutable versioned snapshots of datasets';
COMMENT ON COLUMN dsvault.dataset_versions.id IS 'Identifies the version within the tenant.';
COMMENT ON COLUMN dsvault.dataset_versions.tenant_id IS
    'Tenant of the row; the session''s tenant if left out; never changes.';
COMMENT ON COLUMN dsvault.dataset_versions.dataset_id IS 'Dataset that this is a version of.';
COMMENT ON COLUMN dsvault.dataset_versions.version_number IS
    'Number of the version within its dataset.';
COMMENT ON COLUMN dsvault.dataset_versions.parent_version_id IS
    'Version that this one builds on; NULL for a first version.';
COMMENT ON COLUMN dsvault.dataset_versions.commit_id IS 'Content-addressable hash of version data';
COMMENT ON COLUMN dsvault.dataset_versions.tree_hash IS
    'Merkle tree root for integrity verification';
COMMENT ON COLUMN dsvault.dataset_versions.message IS 'What changed, in the author''s words.';
COMMENT ON COLUMN dsvault.dataset_versions.author_id IS 'User who made the version.';
COMMENT ON COLUMN dsvault.dataset_versions.status IS
    'Life of the version: draft, published, archived, corrupted.';
COMMENT ON COLUMN dsvault.dataset_versions.record_count IS 'Number of records in the version.';
COMMENT ON COLUMN dsvault.dataset_versions.size_bytes IS 'Stored size of the version in bytes.';
COMMENT ON COLUMN dsvault.dataset_versions.storage_path IS
    'Where the version lies in object storage.';
COMMENT ON COLUMN dsvault.dataset_versions.manifest_hash IS
    'Hash of manifest file listing all chunks';
COMMENT ON COLUMN dsvault.dataset_versions.metadata IS
    'Whatever else is known of the version, by key.';
COMMENT ON COLUMN dsvault.dataset_versions.created_at IS 'When the row was made.';

COMMIT;
