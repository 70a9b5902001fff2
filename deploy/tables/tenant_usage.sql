-- Deploy dsvault:tables/tenant_usage to pg
-- requires: tables/tenants
-- requires: functions/current_tenant_id
--
-- Why:    what a tenant uses is known at once, without counting all its versions.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.tenants for the foreign key, no scan.
-- Data:   none.
-- Revert: loses the sums, which can be counted again.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

-- Beside tenants, whose rows are read by everybody: this one is locked by whoever publishes.
CREATE TABLE IF NOT EXISTS dsvault.tenant_usage (
    tenant_id uuid        NOT NULL DEFAULT dsvault.current_tenant_id(),
    measure   varchar(50) NOT NULL,
    amount    bigint      NOT NULL DEFAULT 0,
    CONSTRAINT tenant_usage_pkey PRIMARY KEY (tenant_id, measure),
    CONSTRAINT tenant_usage_tenant_fk FOREIGN KEY (tenant_id)
        REFERENCES dsvault.tenants (id) ON DELETE CASCADE,
    -- What is counted.
    CONSTRAINT tenant_usage_measure_check
        CHECK (measure IN ('published_bytes', 'published_versions')),
    -- A sum below zero is a fault of arithmetic.
    CONSTRAINT tenant_usage_amount_positive CHECK (amount >= 0)
);

COMMENT ON TABLE dsvault.tenant_usage IS
    'What each tenant uses, kept by triggers; measures that are not there are 0.';
COMMENT ON COLUMN dsvault.tenant_usage.tenant_id IS
    'Tenant of the row; the session''s tenant if left out; never changes.';
COMMENT ON COLUMN dsvault.tenant_usage.measure IS
    'What is counted, over versions that are no drafts: published_bytes, published_versions.';
COMMENT ON COLUMN dsvault.tenant_usage.amount IS 'The sum: bytes, or how many.';

COMMIT;
