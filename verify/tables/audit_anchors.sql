-- Verify dsvault:tables/audit_anchors on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.audit_anchors',
    dsvault_facts.table_of('dsvault_private.audit_anchors'), ARRAY[
    'table OWNER dsvault_owner']);

CALL dsvault_facts.must_equal('dsvault_private.audit_anchors row security and grants',
    dsvault_facts.rls_of('dsvault_private.audit_anchors')
    || dsvault_facts.grants_of('dsvault_private.audit_anchors'), ARRAY[
    'DISABLE NO FORCE']);

CALL dsvault_facts.must_contain('dsvault_private.audit_anchors columns',
    dsvault_facts.columns_of('dsvault_private.audit_anchors'), ARRAY[
    'entry_tenant uuid NOT NULL',
    'entry_time timestamp with time zone NOT NULL',
    'entry_id uuid NOT NULL']);

CALL dsvault_facts.must_contain('dsvault_private.audit_anchors constraints',
    dsvault_facts.constraints_of('dsvault_private.audit_anchors'), ARRAY[
    'audit_anchors_entry_fk FOREIGN KEY (entry_tenant, entry_time, entry_id) REFERENCES '
    'dsvault.audit_logs(tenant_id, created_at, id) ON DELETE CASCADE',
    'audit_anchors_pkey PRIMARY KEY (entry_tenant, entry_time, entry_id)']);

CALL dsvault_facts.must_contain('dsvault_private.audit_anchors indexes',
    dsvault_facts.indexes_of('dsvault_private.audit_anchors'), ARRAY[
    'CREATE UNIQUE INDEX audit_anchors_pkey ON dsvault_private.audit_anchors USING btree '
    '(entry_tenant, entry_time, entry_id)']);

CALL dsvault_facts.must_contain('dsvault_private.audit_anchors comments',
    dsvault_facts.comments_of('dsvault_private.audit_anchors'), ARRAY[
    'column entry_id: The entry.',
    'column entry_tenant: Tenant of the entry.',
    'column entry_time: When the entry was written; tells the month.',
    'table: One audit entry of each month, referred to so that its partition stays.']);

ROLLBACK;
