-- Deploy dsvault:tables/audit_archives to pg
-- requires: functions/current_tenant_id
--
-- Why:    what left the trail for a file is known, and is not taken for removed.
-- Locks:  none on existing tables.
-- Data:   none.
-- Revert: loses the record of what was archived; verification then calls it removed.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- No foreign keys, on purpose: it outlives tenants as the trail does. A month has one row for each
-- tenant with entries in it, and one of the system tenant in any case.
CREATE TABLE IF NOT EXISTS dsvault.audit_archives (
    tenant_id      uuid           NOT NULL DEFAULT dsvault.current_tenant_id(),
    entry_id       uuid           NOT NULL,
    partition_name text           NOT NULL,
    from_time      timestamptz    NOT NULL,
    to_time        timestamptz    NOT NULL,
    entry_count    bigint         NOT NULL,
    places         int8multirange NOT NULL,
    root_hash      bytea          NOT NULL,
    file_name      text           NOT NULL,
    file_hash      bytea          NOT NULL,
    archived_at    timestamptz    NOT NULL,
    CONSTRAINT audit_archives_pkey PRIMARY KEY (tenant_id, entry_id),
    -- A month ends after it begins.
    CONSTRAINT audit_archives_times_check CHECK (from_time < to_time),
    -- No entry, no place.
    CONSTRAINT audit_archives_count_check CHECK (
        entry_count >= 0 AND (entry_count = 0) = isempty(places)),
    -- SHA-256 has 32 bytes.
    CONSTRAINT audit_archives_hashes_check CHECK (length(root_hash) = 32 AND length(file_hash) = 32)
);

COMMENT ON TABLE dsvault.audit_archives IS
    'Months of the audit trail that were archived into files: which of a tenant''s sealed entries '
    'left, and for which file.';
COMMENT ON COLUMN dsvault.audit_archives.tenant_id IS
    'Tenant of the row; the session''s tenant if left out; never changes.';
COMMENT ON COLUMN dsvault.audit_archives.entry_id IS
    'The entry audit.archive that says the same in the tenant''s trail.';
COMMENT ON COLUMN dsvault.audit_archives.partition_name IS 'Name that the partition had.';
COMMENT ON COLUMN dsvault.audit_archives.from_time IS 'Where the month begins.';
COMMENT ON COLUMN dsvault.audit_archives.to_time IS 'Where it ends, not in it.';
COMMENT ON COLUMN dsvault.audit_archives.entry_count IS
    'Number of the tenant''s entries in it; 0 at most for the system tenant.';
COMMENT ON COLUMN dsvault.audit_archives.places IS
    'Their places among all sealed entries of the tenant, counted from 1 over all its seals.';
COMMENT ON COLUMN dsvault.audit_archives.root_hash IS
    'Merkle tree hash (RFC 9162) of these entries, in order of transaction, time and id.';
COMMENT ON COLUMN dsvault.audit_archives.file_name IS
    'Name of the file, without its folder; it holds the month of all tenants.';
COMMENT ON COLUMN dsvault.audit_archives.file_hash IS 'SHA-256 of the file.';
COMMENT ON COLUMN dsvault.audit_archives.archived_at IS
    'When it left the trail; the time of the entry audit.archive.';

COMMIT;
