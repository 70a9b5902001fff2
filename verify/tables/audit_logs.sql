-- Verify dsvault:tables/audit_logs on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.audit_logs',
    dsvault_facts.table_of('dsvault.audit_logs'), ARRAY[
    'partitioned table PARTITION BY RANGE (created_at) OWNER dsvault_owner']);

CALL dsvault_facts.must_contain('dsvault.audit_logs columns',
    dsvault_facts.columns_of('dsvault.audit_logs'), ARRAY[
    'id uuid NOT NULL DEFAULT gen_random_uuid()',
    'tenant_id uuid NOT NULL DEFAULT dsvault.current_tenant_id()',
    'user_id uuid',
    'action character varying(100) NOT NULL',
    'resource_type character varying(100) NOT NULL',
    'resource_id uuid',
    'details jsonb NOT NULL DEFAULT ''{}''::jsonb',
    'ip_address inet',
    'user_agent text',
    'created_at timestamp with time zone NOT NULL DEFAULT now()',
    'transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id()']);

CALL dsvault_facts.must_contain('dsvault.audit_logs constraints',
    dsvault_facts.constraints_of('dsvault.audit_logs'), ARRAY[
    'audit_created_at_is_finite CHECK (isfinite(created_at))',
    'audit_details_is_object CHECK ((jsonb_typeof(details) = ''object''::text))',
    'audit_logs_pkey PRIMARY KEY (tenant_id, created_at, id)']);

CALL dsvault_facts.must_contain('dsvault.audit_logs indexes',
    dsvault_facts.indexes_of('dsvault.audit_logs'), ARRAY[
    'CREATE UNIQUE INDEX audit_logs_pkey ON ONLY dsvault.audit_logs USING btree (tenant_id, '
    'created_at, id)',
    'CREATE INDEX idx_audit_action ON ONLY dsvault.audit_logs USING btree (tenant_id, action, '
    'created_at DESC)',
    'CREATE INDEX idx_audit_details ON ONLY dsvault.audit_logs USING gin (details jsonb_path_ops) '
    'WITH (gin_pending_list_limit=''16384'')',
    'CREATE INDEX idx_audit_resource ON ONLY dsvault.audit_logs USING btree (tenant_id, '
    'resource_type, resource_id, created_at DESC)',
    'CREATE INDEX idx_audit_transaction ON ONLY dsvault.audit_logs USING btree (transaction_id)',
    'CREATE INDEX idx_audit_user ON ONLY dsvault.audit_logs USING btree (tenant_id, user_id, '
    'created_at DESC) WHERE (user_id IS NOT NULL)']);

CALL dsvault_facts.must_contain('dsvault.audit_logs comments',
    dsvault_facts.comments_of('dsvault.audit_logs'), ARRAY[
    'column action: Action performed, e.g., dataset.create, record.read',
    'column created_at: When it was done; decides the monthly partition, in UTC.',
    'column details: What changed, by key; never ciphertext, wrapped keys or token values.',
    'column id: Identifies the entry among those of its tenant and moment.',
    'column ip_address: Where the request came from; NULL if unknown.',
    'column resource_id: What it was done to; NULL where that is no single row.',
    'column resource_type: Resource type, e.g., dataset, version, user',
    'column tenant_id: Tenant of the row; the session''s tenant if left out; never changes.',
    'column transaction_id: Transaction that wrote the entry; entries of one transaction belong '
    'together.',
    'column user_agent: Program that made the request; NULL if unknown.',
    'column user_id: User who did it; NULL for the system. Stays when the user is gone.',
    'index dsvault.idx_audit_details: Serves searches inside of details, by containment (@>), of '
    'functions that add the tenant themselves.',
    'index dsvault.idx_audit_transaction: Sealing reads what was written since the last seal, of '
    'all tenants at once.',
    'table: Immutable audit trail (partitioned by month)']);

CALL dsvault_facts.must_contain('dsvault.audit_logs partitions',
    dsvault_facts.partitions_of('dsvault.audit_logs'), ARRAY[
    'dsvault.audit_logs_default DEFAULT']);

-- The months differ with the day of deployment: this one has a partition on every day.
DO $$
DECLARE
    v_actual text[] := ARRAY(SELECT c.relname::text FROM pg_catalog.pg_class AS c
        WHERE c.oid = pg_catalog.to_regclass(pg_catalog.format('dsvault.audit_logs_%s',
            pg_catalog.to_char(pg_catalog.now() AT TIME ZONE 'UTC', 'YYYY_MM')))
            AND c.relispartition);
BEGIN
    CALL dsvault_facts.must_equal('dsvault.audit_logs this month', v_actual,
        ARRAY[pg_catalog.to_char(pg_catalog.now() AT TIME ZONE 'UTC', '"audit_logs_"YYYY_MM')]);
END;
$$;

-- Every partition there is, also those that maintenance made, is closed by its own name.
DO $$
DECLARE
    v_security text[] := ARRAY(
        SELECT DISTINCT pg_catalog.unnest(dsvault_facts.table_of(i.inhrelid)
            || dsvault_facts.rls_of(i.inhrelid) || dsvault_facts.grants_of(i.inhrelid))
        FROM pg_catalog.pg_inherits AS i WHERE i.inhparent = 'dsvault.audit_logs'::regclass);
    v_comments text[] := ARRAY(
        SELECT DISTINCT pg_catalog.obj_description(i.inhrelid, 'pg_class')
        FROM pg_catalog.pg_inherits AS i WHERE i.inhparent = 'dsvault.audit_logs'::regclass);
    v_readable text[] := ARRAY(
        SELECT i.inhrelid::regclass::text
        FROM pg_catalog.pg_inherits AS i
        WHERE i.inhparent = 'dsvault.audit_logs'::regclass
            AND pg_catalog.has_table_privilege('dsvault_owner', i.inhrelid, 'SELECT'));
    v_unusable text[] := ARRAY(
        SELECT x.indexrelid::regclass::text
        FROM pg_catalog.pg_inherits AS i JOIN pg_catalog.pg_index AS x ON x.indrelid = i.inhrelid
        WHERE i.inhparent = 'dsvault.audit_logs'::regclass AND NOT (x.indisvalid AND x.indisready));
BEGIN
    CALL dsvault_facts.must_equal('dsvault.audit_logs partitions', v_security,
        ARRAY['table OWNER dsvault_owner', 'ENABLE FORCE']);
    CALL dsvault_facts.must_equal('dsvault.audit_logs partition comments', v_comments,
        ARRAY['Audit rows of one month, in UTC; reached through audit_logs only.',
            'Audit rows that no monthly partition covers; checks demand that it is empty.']);
    CALL dsvault_facts.must_equal('dsvault.audit_logs partitions that their owner may read, and '
        'so detach', v_readable, '{}');
    CALL dsvault_facts.must_equal('dsvault.audit_logs unusable partition indexes',
        v_unusable, '{}');
END;
$$;

ROLLBACK;
