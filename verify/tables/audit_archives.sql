-- Verify dsvault:tables/audit_archives on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.audit_archives',
    dsvault_facts.table_of('dsvault.audit_archives'), ARRAY[
    'table OWNER dsvault_owner']);

CALL dsvault_facts.must_contain('dsvault.audit_archives columns',
    dsvault_facts.columns_of('dsvault.audit_archives'), ARRAY[
    'tenant_id uuid NOT NULL DEFAULT dsvault.current_tenant_id()',
    'entry_id uuid NOT NULL',
    'partition_name text NOT NULL',
    'from_time timestamp with time zone NOT NULL',
    'to_time timestamp with time zone NOT NULL',
    'entry_count bigint NOT NULL',
    'places int8multirange NOT NULL',
    'root_hash bytea NOT NULL',
    'file_name text NOT NULL',
    'file_hash bytea NOT NULL',
    'archived_at timestamp with time zone NOT NULL']);

CALL dsvault_facts.must_contain('dsvault.audit_archives constraints',
    dsvault_facts.constraints_of('dsvault.audit_archives'), ARRAY[
    'audit_archives_count_check CHECK (((entry_count >= 0) AND ((entry_count = 0) = '
    'isempty(places))))',
    'audit_archives_hashes_check CHECK (((length(root_hash) = 32) AND (length(file_hash) = '
    '32)))',
    'audit_archives_pkey PRIMARY KEY (tenant_id, entry_id)',
    'audit_archives_times_check CHECK ((from_time < to_time))']);

CALL dsvault_facts.must_contain('dsvault.audit_archives indexes',
    dsvault_facts.indexes_of('dsvault.audit_archives'), ARRAY[
    'CREATE UNIQUE INDEX audit_archives_pkey ON dsvault.audit_archives USING btree '
    '(tenant_id, entry_id)']);

CALL dsvault_facts.must_contain('dsvault.audit_archives comments',
    dsvault_facts.comments_of('dsvault.audit_archives'), ARRAY[
    'column archived_at: When it left the trail; the time of the entry audit.archive.',
    'column entry_count: Number of the tenant''s entries in it; 0 at most for the system '
    'tenant.',
    'column entry_id: The entry audit.archive that says the same in the tenant''s trail.',
    'column file_hash: SHA-256 of the file.',
    'column file_name: Name of the file, without its folder; it holds the month of all '
    'tenants.',
    'column from_time: Where the month begins.',
    'column partition_name: Name that the partition had.',
    'column places: Their places among all sealed entries of the tenant, counted from 1 over '
    'all its seals.',
    'column root_hash: Merkle tree hash (RFC 9162) of these entries, in order of transaction, '
    'time and id.',
    'column tenant_id: Tenant of the row; the session''s tenant if left out; never changes.',
    'column to_time: Where it ends, not in it.',
    'table: Months of the audit trail that were archived into files: which of a tenant''s '
    'sealed entries left, and for which file.']);

ROLLBACK;
