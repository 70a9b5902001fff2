-- Deploy dsvault:tables/audit_logs to pg
-- requires: functions/current_tenant_id
-- requires: functions/ensure_audit_partitions
--
-- Why:    what was done, by whom and when, outlives the rows that it was done to.
-- Locks:  none on existing tables.
-- Data:   none.
-- Revert: loses the whole audit trail.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- No foreign keys, on purpose: neither a deleted user nor an erased tenant may change the trail.
CREATE TABLE IF NOT EXISTS dsvault.audit_logs (
    id            uuid         NOT NULL DEFAULT gen_random_uuid(),
    tenant_id     uuid         NOT NULL DEFAULT dsvault.current_tenant_id(),
    user_id       uuid         DEFAULT NULL,
    action        varchar(100) NOT NULL,
    resource_type varchar(100) NOT NULL,
    resource_id   uuid         DEFAULT NULL,
    details       jsonb        NOT NULL DEFAULT '{}'::jsonb,
    ip_address    inet         DEFAULT NULL,
    user_agent    text         DEFAULT NULL,
    created_at    timestamptz  NOT NULL DEFAULT now(),
    -- Beyond the design: which entries are complete is told by transactions, never by time.
    transaction_id xid8        NOT NULL DEFAULT pg_current_xact_id(),
    CONSTRAINT audit_logs_pkey PRIMARY KEY (tenant_id, created_at, id),
    -- Details are looked up by key.
    CONSTRAINT audit_details_is_object CHECK (jsonb_typeof(details) = 'object'),
    -- Infinity is in no month: maintenance would find no partition for it, and stop.
    CONSTRAINT audit_created_at_is_finite CHECK (isfinite(created_at))
) PARTITION BY RANGE (created_at);

-- Catches what no month covers, so that a missed month stops nobody; it is meant to be empty.
-- Like every partition it has row security without a policy, and no grant.
CREATE TABLE IF NOT EXISTS dsvault.audit_logs_default PARTITION OF dsvault.audit_logs DEFAULT;
ALTER TABLE dsvault.audit_logs_default ENABLE ROW LEVEL SECURITY;
ALTER TABLE dsvault.audit_logs_default FORCE ROW LEVEL SECURITY;
REVOKE SELECT ON dsvault.audit_logs_default FROM dsvault_owner;
CREATE OR REPLACE TRIGGER _200_refuse_truncate BEFORE TRUNCATE ON dsvault.audit_logs_default
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault_private.tg__refuse_truncate();

-- This month and the next three; maintenance makes the later ones.
DO $$
BEGIN
    PERFORM dsvault.ensure_audit_partitions(3);
END;
$$;

CREATE INDEX IF NOT EXISTS idx_audit_user
    ON dsvault.audit_logs (tenant_id, user_id, created_at DESC) WHERE user_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS idx_audit_resource
    ON dsvault.audit_logs (tenant_id, resource_type, resource_id, created_at DESC);
CREATE INDEX IF NOT EXISTS idx_audit_action
    ON dsvault.audit_logs (tenant_id, action, created_at DESC);
CREATE INDEX IF NOT EXISTS idx_audit_transaction ON dsvault.audit_logs (transaction_id);
-- A hash of each path with its value, in place of every key and every value: less to write, and it
-- serves containment (@>). What a statement adds waits in a list until vacuum sorts it in.
CREATE INDEX IF NOT EXISTS idx_audit_details ON dsvault.audit_logs
    USING gin (details jsonb_path_ops) WITH (gin_pending_list_limit = 16384);

COMMENT ON TABLE dsvault.audit_logs IS 'Immutable audit trail (partitioned by month)';
COMMENT ON TABLE dsvault.audit_logs_default IS
    'Audit rows that no monthly partition covers; checks demand that it is empty.';
COMMENT ON COLUMN dsvault.audit_logs.id IS
    'Identifies the entry among those of its tenant and moment.';
COMMENT ON COLUMN dsvault.audit_logs.tenant_id IS
    'Tenant of the row; the session''s tenant if left out; never changes.';
COMMENT ON COLUMN dsvault.audit_logs.user_id IS
    'User who did it; NULL for the system. Stays when the user is gone.';
COMMENT ON COLUMN dsvault.audit_logs.action IS
    'Action performed, e.g., dataset.create, record.read';
COMMENT ON COLUMN dsvault.audit_logs.resource_type IS
    'Resource type, e.g., dataset, version, user';
COMMENT ON COLUMN dsvault.audit_logs.resource_id IS
    'What it was done to; NULL where that is no single row.';
COMMENT ON COLUMN dsvault.audit_logs.details IS
    'What changed, by key; never ciphertext, wrapped keys or token values.';
COMMENT ON COLUMN dsvault.audit_logs.ip_address IS 'Where the request came from; NULL if unknown.';
COMMENT ON COLUMN dsvault.audit_logs.user_agent IS
    'Program that made the request; NULL if unknown.';
COMMENT ON COLUMN dsvault.audit_logs.created_at IS
    'When it was done; decides the monthly partition, in UTC.';
COMMENT ON COLUMN dsvault.audit_logs.transaction_id IS
    'Transaction that wrote the entry; entries of one transaction belong together.';
COMMENT ON INDEX dsvault.idx_audit_transaction IS
    'Sealing reads what was written since the last seal, of all tenants at once.';
COMMENT ON INDEX dsvault.idx_audit_details IS
    'Serves searches inside of details, by containment (@>), of functions that add the tenant '
    'themselves.';

COMMIT;
