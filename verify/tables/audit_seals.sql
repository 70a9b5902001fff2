-- Verify dsvault:tables/audit_seals on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.audit_seals',
    dsvault_facts.table_of('dsvault.audit_seals'), ARRAY[
    'table OWNER dsvault_owner']);

CALL dsvault_facts.must_contain('dsvault.audit_seals columns',
    dsvault_facts.columns_of('dsvault.audit_seals'), ARRAY[
    'tenant_id uuid NOT NULL DEFAULT dsvault.current_tenant_id()',
    'seal_number bigint NOT NULL',
    'from_transaction xid8 NOT NULL',
    'to_transaction xid8 NOT NULL',
    'entry_count bigint NOT NULL',
    'root_hash bytea NOT NULL',
    'previous_hash bytea NOT NULL',
    'seal_hash bytea NOT NULL',
    'sealed_at timestamp with time zone NOT NULL',
    'entry_ids uuid[] NOT NULL',
    'leaf_hashes bytea NOT NULL']);

CALL dsvault_facts.must_contain('dsvault.audit_seals constraints',
    dsvault_facts.constraints_of('dsvault.audit_seals'), ARRAY[
    'audit_seals_hashes_check CHECK (((length(root_hash) = 32) AND (length(previous_hash) = 32) '
    'AND (length(seal_hash) = 32)))',
    'audit_seals_lists_check CHECK (((entry_count = cardinality(entry_ids)) AND ((entry_count * '
    '32) = length(leaf_hashes))))',
    'audit_seals_number_positive CHECK ((seal_number > 0))',
    'audit_seals_pkey PRIMARY KEY (tenant_id, seal_number)',
    'audit_seals_range_check CHECK ((from_transaction < to_transaction))']);

CALL dsvault_facts.must_contain('dsvault.audit_seals indexes',
    dsvault_facts.indexes_of('dsvault.audit_seals'), ARRAY[
    'CREATE UNIQUE INDEX audit_seals_pkey ON dsvault.audit_seals USING btree (tenant_id, '
    'seal_number)']);

CALL dsvault_facts.must_contain('dsvault.audit_seals comments',
    dsvault_facts.comments_of('dsvault.audit_seals'), ARRAY[
    'column entry_count: Number of entries in the range; 0 in the system tenant''s seals that '
    'only tell how far.',
    'column entry_ids: The entries, in order: so that verification can name one that is gone.',
    'column from_transaction: First transaction of the range: where the seal before it ended, 0 '
    'for the first.',
    'column leaf_hashes: Their leaf hashes, 32 bytes each, in the same order.',
    'column previous_hash: seal_hash of the seal before it; 32 zero bytes for the first.',
    'column root_hash: Merkle tree hash (RFC 9162) of the entries, in order of transaction, time '
    'and id.',
    'column seal_hash: SHA-256 of all that precedes, as dsvault_private.seal_hash() writes it.',
    'column seal_number: Place in the tenant''s chain, from 1.',
    'column sealed_at: When the seal was made.',
    'column tenant_id: Tenant of the row; the session''s tenant if left out; never changes. The '
    'system tenant''s last seal tells how far sealing came.',
    'column to_transaction: End of the range, not in it. All transactions below it had ended '
    'when the seal was made.',
    'table: Seals of the audit trail: each vouches for the entries of one tenant in a range of '
    'transactions, and for the seal before it.']);

ROLLBACK;
