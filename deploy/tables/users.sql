-- Deploy dsvault:tables/users to pg
-- requires: tables/tenants
-- requires: functions/current_tenant_id
--
-- Why:    everything that is done in a tenant is done by one of its users.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.tenants for the foreign key, no scan.
-- Data:   none.
-- Revert: loses every user; refuses while other tables refer to it.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

CREATE TABLE IF NOT EXISTS dsvault.users (
    id             uuid         NOT NULL DEFAULT gen_random_uuid(),
    tenant_id      uuid         NOT NULL DEFAULT dsvault.current_tenant_id(),
    external_id    varchar(255) DEFAULT NULL,
    email          varchar(255) NOT NULL,
    email_verified boolean      NOT NULL DEFAULT false,
    name           varchar(255) NOT NULL,
    avatar_url     text         DEFAULT NULL,
    status         varchar(50)  NOT NULL DEFAULT 'active',
    created_at     timestamptz  NOT NULL DEFAULT now(),
    updated_at     timestamptz  NOT NULL DEFAULT now(),
    last_login_at  timestamptz  DEFAULT NULL,
    last_login_ip  inet         DEFAULT NULL,
    is_deleted     boolean      NOT NULL DEFAULT false,
    deleted_at     timestamptz  DEFAULT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT users_email_unique UNIQUE (tenant_id, email),
    -- NULLs are distinct: any number of users may do without single sign-on.
    CONSTRAINT users_external_id_unique UNIQUE (tenant_id, external_id),
    CONSTRAINT users_tenant_fk FOREIGN KEY (tenant_id)
        REFERENCES dsvault.tenants (id) ON DELETE CASCADE,
    -- Only an active user can do anything; the other three say why he cannot.
    CONSTRAINT users_status_check
        CHECK (status IN ('active', 'suspended', 'pending_verification', 'locked')),
    -- Catches a typing error; only a message sent proves an address.
    CONSTRAINT users_email_format
        CHECK (email ~* '^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$'),
    -- Two columns say the same thing, so they may not disagree.
    CONSTRAINT users_deletion_check CHECK (is_deleted = (deleted_at IS NOT NULL))
);

CREATE INDEX IF NOT EXISTS idx_users_status ON dsvault.users (tenant_id, status);
CREATE INDEX IF NOT EXISTS idx_users_last_login
    ON dsvault.users (tenant_id, last_login_at DESC NULLS LAST);

COMMENT ON TABLE dsvault.users IS 'User accounts with SSO support';
COMMENT ON COLUMN dsvault.users.id IS 'Identifies the user within the tenant.';
COMMENT ON COLUMN dsvault.users.tenant_id IS
    'Tenant of the row; the session''s tenant if left out; never changes.';
COMMENT ON COLUMN dsvault.users.external_id IS
    'External identity provider ID (e.g., Auth0, Okta)';
COMMENT ON COLUMN dsvault.users.email IS 'E-mail address, unique within the tenant.';
COMMENT ON COLUMN dsvault.users.email_verified IS
    'True once the user has proved to receive mail at the address.';
COMMENT ON COLUMN dsvault.users.name IS 'Name for people.';
COMMENT ON COLUMN dsvault.users.avatar_url IS 'Address of a picture; NULL if there is none.';
COMMENT ON COLUMN dsvault.users.status IS
    'User account status: active, suspended, pending_verification, locked';
COMMENT ON COLUMN dsvault.users.created_at IS 'When the row was made.';
COMMENT ON COLUMN dsvault.users.updated_at IS 'When the row last changed.';
COMMENT ON COLUMN dsvault.users.last_login_at IS 'When the user last logged in; NULL if never.';
COMMENT ON COLUMN dsvault.users.last_login_ip IS
    'Where the user last logged in from; NULL if never or unknown.';
COMMENT ON COLUMN dsvault.users.is_deleted IS
    'True for a soft-deleted user, who can do nothing.';
COMMENT ON COLUMN dsvault.users.deleted_at IS
    'When the user was soft-deleted; NULL while he lives.';

COMMIT;
