-- Deploy dsvault:tables/token_accesses to pg
-- requires: tables/tenants
-- requires: functions/current_tenant_id
--
-- Why:    each look behind a token is counted, and a token that many look behind at once must not
--         make them wait for each other.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.tenants for the foreign key, no scan.
-- Data:   none.
-- Revert: loses what was not counted yet.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

-- No foreign key to tokens: checking it would lock the token's row, which this table avoids.
CREATE TABLE IF NOT EXISTS dsvault.token_accesses (
    tenant_id   uuid        NOT NULL DEFAULT dsvault.current_tenant_id(),
    id          uuid        NOT NULL DEFAULT gen_random_uuid(),
    token_id    uuid        NOT NULL,
    accessed_at timestamptz NOT NULL DEFAULT statement_timestamp(),
    CONSTRAINT token_accesses_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT token_accesses_tenant_fk FOREIGN KEY (tenant_id)
        REFERENCES dsvault.tenants (id) ON DELETE CASCADE
);

COMMENT ON TABLE dsvault.token_accesses IS
    'Looks behind tokens that are not added to accessed_count yet; who and why is in the audit '
    'trail.';
COMMENT ON COLUMN dsvault.token_accesses.tenant_id IS
    'Tenant of the row; the session''s tenant if left out; never changes.';
COMMENT ON COLUMN dsvault.token_accesses.id IS 'Identifies the access within the tenant.';
COMMENT ON COLUMN dsvault.token_accesses.token_id IS 'Token whose value was given back.';
COMMENT ON COLUMN dsvault.token_accesses.accessed_at IS 'When it was given back.';

COMMIT;
