-- Deploy dsvault:tables/datasets to pg
-- requires: tables/users
-- requires: tables/schemas
-- requires: tables/encryption_keys
--
-- Why:    a dataset is what users name, own and share; its content lives in versions.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.tenants, users, schemas, encryption_keys, no scan.
-- Data:   none.
-- Revert: loses every dataset; refuses while versions refer to it.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

CREATE TABLE IF NOT EXISTS dsvault.datasets (
    id                uuid         NOT NULL DEFAULT gen_random_uuid(),
    tenant_id         uuid         NOT NULL DEFAULT dsvault.current_tenant_id(),
    name              varchar(255) NOT NULL,
    description       text         DEFAULT NULL,
    schema_id         uuid         DEFAULT NULL,
    owner_id          uuid         NOT NULL,
    encryption_key_id uuid         DEFAULT NULL,
    retention_policy  jsonb        DEFAULT NULL,
    metadata          jsonb        NOT NULL DEFAULT '{}'::jsonb,
    tags              text[]       NOT NULL DEFAULT ARRAY[]::text[],
    created_at        timestamptz  NOT NULL DEFAULT now(),
    updated_at        timestamptz  NOT NULL DEFAULT now(),
    deleted_at        timestamptz  DEFAULT NULL,
    CONSTRAINT datasets_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT datasets_tenant_fk FOREIGN KEY (tenant_id)
        REFERENCES dsvault.tenants (id) ON DELETE CASCADE,
    CONSTRAINT datasets_schema_fk FOREIGN KEY (tenant_id, schema_id)
        REFERENCES dsvault.schemas (tenant_id, id) ON DELETE RESTRICT,
    CONSTRAINT datasets_owner_fk FOREIGN KEY (tenant_id, owner_id)
        REFERENCES dsvault.users (tenant_id, id) ON DELETE RESTRICT,
    CONSTRAINT datasets_encryption_key_fk FOREIGN KEY (tenant_id, encryption_key_id)
        REFERENCES dsvault.encryption_keys (tenant_id, id) ON DELETE RESTRICT,
    -- A nameless dataset cannot be told apart in a list.
    CONSTRAINT datasets_name_not_empty CHECK (length(name) > 0),
    -- Metadata is looked up by key.
    CONSTRAINT datasets_metadata_is_object CHECK (jsonb_typeof(metadata) = 'object'),
    -- A policy that is not an object would be read as no policy.
    CONSTRAINT datasets_retention_policy_is_object
        CHECK (jsonb_typeof(retention_policy) = 'object'),
    -- A misspelt policy would keep, or remove, what nobody meant.
    CONSTRAINT datasets_retention_policy_shape CHECK (
        retention_policy - ARRAY['duration_days', 'action', 'min_days', 'legal_hold'] = '{}'
        AND NOT jsonb_path_exists(retention_policy, '$.* ? (@.type() == "null")')
        AND NOT jsonb_path_exists(retention_policy, 'strict $.duration_days ?
            (@.type() != "number" || @ < 1 || @ > 100000 || @.floor() != @)', '{}', true)
        AND NOT jsonb_path_exists(retention_policy, 'strict $.min_days ?
            (@.type() != "number" || @ < 0 || @ > 100000 || @.floor() != @)', '{}', true)
        AND NOT jsonb_path_exists(retention_policy, 'strict $.legal_hold ?
            (@.type() != "boolean")', '{}', true)
        AND NOT jsonb_path_exists(retention_policy, 'strict $.action ? (@.type() != "string"
            || !(@ like_regex "^(archive|delete|anonymize|review)$"))', '{}', true)
    ),
    -- Without a time it would never come to the action that somebody counts on.
    CONSTRAINT datasets_retention_action_has_duration CHECK (
        NOT retention_policy ? 'action' OR retention_policy ? 'duration_days')
);

-- A name is free again once its dataset is deleted; a table constraint cannot say that.
CREATE UNIQUE INDEX IF NOT EXISTS datasets_name_unique ON dsvault.datasets (tenant_id, name)
    WHERE deleted_at IS NULL;
-- The policies ask for the owner; a count then reads the index alone.
CREATE INDEX IF NOT EXISTS idx_datasets_tenant_created
    ON dsvault.datasets (tenant_id, created_at DESC) INCLUDE (owner_id) WHERE deleted_at IS NULL;
CREATE INDEX IF NOT EXISTS idx_datasets_created_at ON dsvault.datasets (tenant_id, created_at DESC);
CREATE INDEX IF NOT EXISTS idx_datasets_deleted ON dsvault.datasets (tenant_id, deleted_at)
    WHERE deleted_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS idx_datasets_schema ON dsvault.datasets (tenant_id, schema_id);
CREATE INDEX IF NOT EXISTS idx_datasets_owner ON dsvault.datasets (tenant_id, owner_id);
CREATE INDEX IF NOT EXISTS idx_datasets_encryption_key
    ON dsvault.datasets (tenant_id, encryption_key_id) WHERE encryption_key_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS idx_datasets_tags ON dsvault.datasets USING gin (tags);
CREATE INDEX IF NOT EXISTS idx_datasets_metadata ON dsvault.datasets USING gin (metadata);

COMMENT ON TABLE dsvault.datasets IS 'Logical dataset containers with versioning support';
COMMENT ON COLUMN dsvault.datasets.id IS 'Identifies the dataset within the tenant.';
COMMENT ON COLUMN dsvault.datasets.tenant_id IS
    'Tenant of the row; the session''s tenant if left out; never changes.';
COMMENT ON COLUMN dsvault.datasets.name IS
    'Name for people, unique among the tenant''s datasets that are not deleted.';
COMMENT ON COLUMN dsvault.datasets.description IS 'What the dataset holds; NULL if nobody said.';
COMMENT ON COLUMN dsvault.datasets.schema_id IS
    'Schema version that records follow; NULL if they follow none.';
COMMENT ON COLUMN dsvault.datasets.owner_id IS
    'User who owns the dataset and may always work on it.';
COMMENT ON COLUMN dsvault.datasets.encryption_key_id IS
    'References encryption key for dataset-level encryption';
COMMENT ON COLUMN dsvault.datasets.retention_policy IS
    'JSON retention policy: {duration_days: 90, action: "archive"}';
COMMENT ON COLUMN dsvault.datasets.metadata IS 'Whatever else is known of the dataset, by key.';
COMMENT ON COLUMN dsvault.datasets.tags IS 'Words to find the dataset by.';
COMMENT ON COLUMN dsvault.datasets.created_at IS 'When the row was made.';
COMMENT ON COLUMN dsvault.datasets.updated_at IS 'When the row last changed.';
COMMENT ON COLUMN dsvault.datasets.deleted_at IS
    'When the dataset was soft-deleted; NULL while it lives.';
COMMENT ON INDEX dsvault.datasets_name_unique IS
    'Names are unique among living datasets only; a deleted one gives its name free.';
COMMENT ON INDEX dsvault.idx_datasets_tags IS
    'Serves searches by tag by functions that add the tenant themselves.';
COMMENT ON INDEX dsvault.idx_datasets_metadata IS
    'Serves searches inside of metadata by functions that add the tenant themselves.';

COMMIT;
