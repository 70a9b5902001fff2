-- Deploy dsvault:tables/audit_anchors to pg
-- requires: schemas/dsvault_private
-- requires: tables/audit_logs
--
-- Why:    a partition that holds entries is not dropped or detached, not by the owner either.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.audit_logs and partitions for the foreign key, no scan.
-- Data:   none.
-- Revert: lossless; partitions of the trail can then be dropped.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

-- One entry of every month is referred to: PostgreSQL then detaches no partition that holds such
-- an entry, and drops none without CASCADE. It looks as the owner, who sees nothing below forced
-- row security; that he may not read a partition by its name makes it refuse instead of finding
-- nothing. The table belongs to no tenant and nobody has a grant on it, hence no row security of
-- its own. Writing entries costs nothing more; an entry that goes takes its anchor along.
CREATE TABLE IF NOT EXISTS dsvault_private.audit_anchors (
    entry_tenant uuid        NOT NULL,
    entry_time   timestamptz NOT NULL,
    entry_id     uuid        NOT NULL,
    CONSTRAINT audit_anchors_pkey PRIMARY KEY (entry_tenant, entry_time, entry_id),
    CONSTRAINT audit_anchors_entry_fk FOREIGN KEY (entry_tenant, entry_time, entry_id)
        REFERENCES dsvault.audit_logs (tenant_id, created_at, id) ON DELETE CASCADE
);

COMMENT ON TABLE dsvault_private.audit_anchors IS
    'One audit entry of each month, referred to so that its partition stays.';
COMMENT ON COLUMN dsvault_private.audit_anchors.entry_tenant IS 'Tenant of the entry.';
COMMENT ON COLUMN dsvault_private.audit_anchors.entry_time IS
    'When the entry was written; tells the month.';
COMMENT ON COLUMN dsvault_private.audit_anchors.entry_id IS 'The entry.';

COMMIT;
