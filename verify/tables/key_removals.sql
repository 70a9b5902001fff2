-- Verify dsvault:tables/key_removals on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.key_removals',
    dsvault_facts.table_of('dsvault.key_removals'), ARRAY[
    'table OWNER dsvault_owner']);

CALL dsvault_facts.must_contain('dsvault.key_removals columns',
    dsvault_facts.columns_of('dsvault.key_removals'), ARRAY[
    'tenant_id uuid NOT NULL DEFAULT dsvault.current_tenant_id()',
    'key_id uuid NOT NULL',
    'id uuid NOT NULL DEFAULT gen_random_uuid()',
    'messages bigint NOT NULL']);

CALL dsvault_facts.must_contain('dsvault.key_removals constraints',
    dsvault_facts.constraints_of('dsvault.key_removals'), ARRAY[
    'key_removals_pkey PRIMARY KEY (tenant_id, key_id, id)',
    'key_removals_key_fk FOREIGN KEY (tenant_id, key_id) REFERENCES '
    'dsvault.encryption_keys(tenant_id, id) ON DELETE CASCADE',
    'key_removals_messages_positive CHECK ((messages > 0))']);

CALL dsvault_facts.must_contain('dsvault.key_removals indexes',
    dsvault_facts.indexes_of('dsvault.key_removals'), ARRAY[
    'CREATE UNIQUE INDEX key_removals_pkey ON dsvault.key_removals USING btree (tenant_id, '
    'key_id, id)']);

CALL dsvault_facts.must_contain('dsvault.key_removals comments',
    dsvault_facts.comments_of('dsvault.key_removals'), ARRAY[
    'column id: Tells removals of the key apart.',
    'column key_id: Key that had encrypted them.',
    'column messages: How many ciphertexts were removed, at least one: of records, of their '
    'fields, or of tokens.',
    'column tenant_id: Tenant of the row; the session''s tenant if left out; never changes.',
    'table: How many messages that a key encrypted were removed since; the rest is counted '
    'where it is.']);

ROLLBACK;
