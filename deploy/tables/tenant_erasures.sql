-- Deploy dsvault:tables/tenant_erasures to pg
-- requires: schemas/dsvault
-- requires: facts/relations
-- requires: facts/comments
-- requires: functions/current_tenant_id
--
-- Why:    what was erased, when and by whom is known when the tenant is not.
-- Locks:  none.
-- Data:   none.
-- Revert: loses the record of what was erased.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- No foreign key, on purpose: it outlives the tenant.
CREATE TABLE IF NOT EXISTS dsvault.tenant_erasures (
    id          uuid         NOT NULL DEFAULT gen_random_uuid(),
    tenant_id   uuid         NOT NULL DEFAULT dsvault.current_tenant_id(),
    slug        varchar(100) NOT NULL,
    removed     jsonb        NOT NULL DEFAULT '{}'::jsonb,
    begun_by    text         NOT NULL DEFAULT session_user,
    begun_at    timestamptz  NOT NULL DEFAULT now(),
    finished_at timestamptz  DEFAULT NULL,
    CONSTRAINT tenant_erasures_pkey PRIMARY KEY (tenant_id, id),
    -- Counts are looked up by table.
    CONSTRAINT tenant_erasures_removed_is_object CHECK (jsonb_typeof(removed) = 'object')
);

COMMENT ON TABLE dsvault.tenant_erasures IS
    'Tenants that are being erased, or were: what was removed, by table.';
COMMENT ON COLUMN dsvault.tenant_erasures.id IS 'Identifies the erasure.';
COMMENT ON COLUMN dsvault.tenant_erasures.tenant_id IS
    'Tenant that is erased; the session''s tenant if left out; never changes.';
COMMENT ON COLUMN dsvault.tenant_erasures.slug IS 'Slug that the tenant had.';
COMMENT ON COLUMN dsvault.tenant_erasures.removed IS 'How many rows were removed, by table.';
COMMENT ON COLUMN dsvault.tenant_erasures.begun_by IS 'Login of the database that began it.';
COMMENT ON COLUMN dsvault.tenant_erasures.begun_at IS 'When it began.';
COMMENT ON COLUMN dsvault.tenant_erasures.finished_at IS
    'When nothing was left but the audit trail; NULL while it goes on.';

COMMIT;
