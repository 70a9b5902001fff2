-- Deploy dsvault:tables/token_accesses to pg
-- requires: tables/tenants
-- requires: functions/current_tenant_id
--
-- Why:    each look behind a token is counted, and a token that many look behind at once must not
--         make them wait for each other. Whoever looks behind thousands at once is noted once.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.tenants for the foreign key, no scan.
-- Data:   none.
-- Revert: loses what was not counted yet.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

-- One row a call. No foreign key to tokens: checking it would lock their rows, which this avoids.
CREATE TABLE IF NOT EXISTS dsvault.token_accesses (
    tenant_id   uuid        NOT NULL DEFAULT dsvault.current_tenant_id(),
    id          uuid        NOT NULL DEFAULT gen_random_uuid(),
    token_ids   uuid[]      NOT NULL,
    accessed_at timestamptz NOT NULL DEFAULT statement_timestamp(),
    CONSTRAINT token_accesses_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT token_accesses_tenant_fk FOREIGN KEY (tenant_id)
        REFERENCES dsvault.tenants (id) ON DELETE CASCADE,
    -- A call that gave nothing is no access.
    CONSTRAINT token_accesses_token_ids_check CHECK (cardinality(token_ids) > 0)
);

COMMENT ON TABLE dsvault.token_accesses IS
    'Looks behind tokens that are not added to accessed_count yet; who and why is in the audit '
    'trail.';
COMMENT ON COLUMN dsvault.token_accesses.tenant_id IS
    'Tenant of the row; the session''s tenant if left out; never changes.';
COMMENT ON COLUMN dsvault.token_accesses.id IS 'Identifies the call within the tenant.';
COMMENT ON COLUMN dsvault.token_accesses.token_ids IS
    'Tokens whose values were given back by one call, at least one.';
COMMENT ON COLUMN dsvault.token_accesses.accessed_at IS 'When they were given back.';

COMMIT;
