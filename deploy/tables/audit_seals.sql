-- Deploy dsvault:tables/audit_seals to pg
-- requires: functions/current_tenant_id
--
-- Why:    what vouches for the trail lies apart from it, and outlives tenants as it does.
-- Locks:  none on existing tables.
-- Data:   none.
-- Revert: loses all seals; checkpoints that were exported then match nothing.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- No foreign keys, on purpose: neither an erased tenant nor anything else takes a seal along.
CREATE TABLE IF NOT EXISTS dsvault.audit_seals (
    tenant_id        uuid        NOT NULL DEFAULT dsvault.current_tenant_id(),
    seal_number      bigint      NOT NULL,
    from_transaction xid8        NOT NULL,
    to_transaction   xid8        NOT NULL,
    entry_count      bigint      NOT NULL,
    root_hash        bytea       NOT NULL,
    previous_hash    bytea       NOT NULL,
    seal_hash        bytea       NOT NULL,
    sealed_at        timestamptz NOT NULL,
    entry_ids        uuid[]      NOT NULL,
    leaf_hashes      bytea       NOT NULL,
    CONSTRAINT audit_seals_pkey PRIMARY KEY (tenant_id, seal_number),
    -- The chain begins at one and has no gap; that it has none is for verification to see.
    CONSTRAINT audit_seals_number_positive CHECK (seal_number > 0),
    -- A range that is empty would let two seals claim the same place.
    CONSTRAINT audit_seals_range_check CHECK (from_transaction < to_transaction),
    -- One place and one hash for each entry.
    CONSTRAINT audit_seals_lists_check CHECK (
        entry_count = cardinality(entry_ids) AND entry_count * 32 = length(leaf_hashes)),
    -- SHA-256 has 32 bytes.
    CONSTRAINT audit_seals_hashes_check CHECK (
        length(root_hash) = 32 AND length(previous_hash) = 32 AND length(seal_hash) = 32)
);

COMMENT ON TABLE dsvault.audit_seals IS
    'Seals of the audit trail: each vouches for the entries of one tenant in a range of '
    'transactions, and for the seal before it.';
COMMENT ON COLUMN dsvault.audit_seals.tenant_id IS
    'Tenant of the row; the session''s tenant if left out; never changes. The system tenant''s '
    'last seal tells how far sealing came.';
COMMENT ON COLUMN dsvault.audit_seals.seal_number IS
    'Place in the tenant''s chain, from 1.';
COMMENT ON COLUMN dsvault.audit_seals.from_transaction IS
    'First transaction of the range: where the seal before it ended, 0 for the first.';
COMMENT ON COLUMN dsvault.audit_seals.to_transaction IS
    'End of the range, not in it. All transactions below it had ended when the seal was made.';
COMMENT ON COLUMN dsvault.audit_seals.entry_count IS
    'Number of entries in the range; 0 in the system tenant''s seals that only tell how far.';
COMMENT ON COLUMN dsvault.audit_seals.root_hash IS
    'Merkle tree hash (RFC 9162) of the entries, in order of transaction, time and id.';
COMMENT ON COLUMN dsvault.audit_seals.previous_hash IS
    'seal_hash of the seal before it; 32 zero bytes for the first.';
COMMENT ON COLUMN dsvault.audit_seals.seal_hash IS
    'SHA-256 of all that precedes, as dsvault_private.seal_hash() writes it.';
COMMENT ON COLUMN dsvault.audit_seals.sealed_at IS 'When the seal was made.';
COMMENT ON COLUMN dsvault.audit_seals.entry_ids IS
    'The entries, in order: so that verification can name one that is gone.';
COMMENT ON COLUMN dsvault.audit_seals.leaf_hashes IS
    'Their leaf hashes, 32 bytes each, in the same order.';

COMMIT;
