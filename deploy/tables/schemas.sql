-- Deploy dsvault:tables/schemas to pg
-- requires: tables/users
--
-- Why:    datasets are validated against versioned definitions.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.tenants and users for foreign keys, no scan.
-- Data:   none.
-- Revert: loses every schema definition; refuses while datasets refer to it.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

CREATE TABLE IF NOT EXISTS dsvault.schemas (
    id                 uuid         NOT NULL DEFAULT gen_random_uuid(),
    tenant_id          uuid         NOT NULL DEFAULT dsvault.current_tenant_id(),
    name               varchar(255) NOT NULL,
    version            integer      NOT NULL DEFAULT 1,
    definition         jsonb        NOT NULL,
    parent_schema_id   uuid         DEFAULT NULL,
    compatibility_mode varchar(50)  NOT NULL DEFAULT 'backward',
    description        text         DEFAULT NULL,
    created_at         timestamptz  NOT NULL DEFAULT now(),
    created_by         uuid         NOT NULL,
    status             varchar(50)  NOT NULL DEFAULT 'active',
    CONSTRAINT schemas_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT schemas_name_version_unique UNIQUE (tenant_id, name, version),
    CONSTRAINT schemas_tenant_fk FOREIGN KEY (tenant_id)
        REFERENCES dsvault.tenants (id) ON DELETE CASCADE,
    CONSTRAINT schemas_parent_fk FOREIGN KEY (tenant_id, parent_schema_id)
        REFERENCES dsvault.schemas (tenant_id, id) ON DELETE SET NULL (parent_schema_id),
    CONSTRAINT schemas_created_by_fk FOREIGN KEY (tenant_id, created_by)
        REFERENCES dsvault.users (tenant_id, id) ON DELETE RESTRICT,
    -- Says which readers keep working when a new version of the definition comes.
    CONSTRAINT schemas_compatibility_check
        CHECK (compatibility_mode IN ('none', 'backward', 'forward', 'full')),
    -- A definition is drafted, used, phased out and kept.
    CONSTRAINT schemas_status_check
        CHECK (status IN ('draft', 'active', 'deprecated', 'archived')),
    -- A JSON Schema that is not an object says nothing about fields.
    CONSTRAINT schemas_definition_is_object CHECK (jsonb_typeof(definition) = 'object')
);

CREATE INDEX IF NOT EXISTS idx_schemas_status ON dsvault.schemas (tenant_id, status);
CREATE INDEX IF NOT EXISTS idx_schemas_parent ON dsvault.schemas (tenant_id, parent_schema_id)
    WHERE parent_schema_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS idx_schemas_created_by ON dsvault.schemas (tenant_id, created_by);
CREATE INDEX IF NOT EXISTS idx_schemas_definition ON dsvault.schemas USING gin (definition);

COMMENT ON TABLE dsvault.schemas IS 'Versioned schema definitions for dataset validation';
COMMENT ON COLUMN dsvault.schemas.id IS 'Identifies the schema version within the tenant.';
COMMENT ON COLUMN dsvault.schemas.tenant_id IS
    'Tenant of the row; the session''s tenant if left out; never changes.';
COMMENT ON COLUMN dsvault.schemas.name IS 'Name that all versions of one schema share.';
COMMENT ON COLUMN dsvault.schemas.version IS 'Number of the version, counted from 1 within a name.';
COMMENT ON COLUMN dsvault.schemas.definition IS 'JSON Schema definition for data validation';
COMMENT ON COLUMN dsvault.schemas.parent_schema_id IS
    'Version that this one was made from; NULL for a first version.';
COMMENT ON COLUMN dsvault.schemas.compatibility_mode IS
    'Schema evolution compatibility: none, backward, forward, full';
COMMENT ON COLUMN dsvault.schemas.description IS 'What the schema describes; NULL if nobody said.';
COMMENT ON COLUMN dsvault.schemas.created_at IS 'When the row was made.';
COMMENT ON COLUMN dsvault.schemas.created_by IS 'User who made the schema version.';
COMMENT ON COLUMN dsvault.schemas.status IS
    'Life of the definition: draft, active, deprecated, archived.';
COMMENT ON INDEX dsvault.idx_schemas_definition IS
    'Serves searches inside of definitions by functions that add the tenant themselves.';

COMMIT;
