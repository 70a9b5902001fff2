-- Deploy dsvault:tables/tenants to pg
-- requires: schemas/dsvault
-- requires: facts/relations
-- requires: facts/comments
--
-- Why:    every row of the vault belongs to a tenant; this is the root.
-- Locks:  none on existing tables.
-- Data:   none.
-- Revert: loses every tenant row; refuses while other tables refer to it.

BEGIN;

SET LOCAL ROLE dsvault_owner;

CREATE TABLE IF NOT EXISTS dsvault.tenants (
    id                  uuid         NOT NULL DEFAULT gen_random_uuid(),
    name                varchar(255) NOT NULL,
    slug                varchar(100) NOT NULL,
    settings            jsonb        NOT NULL DEFAULT '{}'::jsonb,
    storage_quota_bytes bigint       DEFAULT NULL,
    created_at          timestamptz  NOT NULL DEFAULT now(),
    updated_at          timestamptz  NOT NULL DEFAULT now(),
    is_deleted          boolean      NOT NULL DEFAULT false,
    deleted_at          timestamptz  DEFAULT NULL,
    suspended_at        timestamptz  DEFAULT NULL,
    suspension_reason   text         DEFAULT NULL,
    CONSTRAINT tenants_pkey PRIMARY KEY (id),
    -- The one key that is unique across tenants: a slug stands in URLs.
    CONSTRAINT tenants_slug_unique UNIQUE (slug),
    -- A nameless tenant cannot be told apart in a list.
    CONSTRAINT tenants_name_not_empty CHECK (length(name) > 0),
    -- A slug goes into a URL unescaped.
    CONSTRAINT tenants_slug_format CHECK (slug ~ '^[a-z0-9-]+$'),
    -- Settings are looked up by key.
    CONSTRAINT tenants_settings_is_object CHECK (jsonb_typeof(settings) = 'object'),
    -- A negative quota would refuse even an empty tenant.
    CONSTRAINT tenants_storage_quota_positive CHECK (storage_quota_bytes >= 0),
    -- Two columns say the same thing, so they may not disagree.
    CONSTRAINT tenants_deletion_check CHECK (is_deleted = (deleted_at IS NOT NULL)),
    -- Whoever finds a tenant suspended finds the reason too.
    CONSTRAINT tenants_suspension_check
        CHECK ((suspended_at IS NULL) = (suspension_reason IS NULL) AND suspension_reason <> '')
);

CREATE INDEX IF NOT EXISTS idx_tenants_created_at ON dsvault.tenants (created_at DESC);

COMMENT ON TABLE dsvault.tenants IS 'Multi-tenant root entity for complete data isolation';
COMMENT ON COLUMN dsvault.tenants.id IS
    'Identifies the tenant; tenant_id of every other table refers to it.';
COMMENT ON COLUMN dsvault.tenants.name IS 'Name for people, 1 to 255 characters.';
COMMENT ON COLUMN dsvault.tenants.slug IS 'URL-safe unique identifier for tenant';
COMMENT ON COLUMN dsvault.tenants.settings IS
    'Tenant-specific configuration (features, limits, etc.)';
COMMENT ON COLUMN dsvault.tenants.storage_quota_bytes IS
    'Most bytes that published versions may hold together; NULL is unlimited.';
COMMENT ON COLUMN dsvault.tenants.created_at IS 'When the row was made.';
COMMENT ON COLUMN dsvault.tenants.updated_at IS 'When the row last changed.';
COMMENT ON COLUMN dsvault.tenants.is_deleted IS
    'True for a soft-deleted tenant, whose users can do nothing.';
COMMENT ON COLUMN dsvault.tenants.deleted_at IS
    'When the tenant was soft-deleted; NULL while it lives.';
COMMENT ON COLUMN dsvault.tenants.suspended_at IS
    'Since when the tenant is suspended and its users can do nothing; NULL if it is not.';
COMMENT ON COLUMN dsvault.tenants.suspension_reason IS
    'Why the tenant is suspended; NULL if it is not.';

COMMIT;
