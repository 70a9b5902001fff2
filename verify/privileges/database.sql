-- Verify dsvault:privileges/database on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('who may create objects in the database',
    dsvault_facts.creators_in_database(), '{}');
CALL dsvault_facts.must_equal('dsvault_private.public_privileges_before',
    dsvault_facts.table_of('dsvault_private.public_privileges_before')
    || dsvault_facts.rls_of('dsvault_private.public_privileges_before')
    || dsvault_facts.columns_of('dsvault_private.public_privileges_before')
    || dsvault_facts.constraints_of('dsvault_private.public_privileges_before')
    || dsvault_facts.indexes_of('dsvault_private.public_privileges_before')
    || dsvault_facts.comments_of('dsvault_private.public_privileges_before')
    || dsvault_facts.grants_of('dsvault_private.public_privileges_before'), ARRAY[
    'table OWNER dsvault_owner',
    'DISABLE NO FORCE',
    'object text NOT NULL',
    'privilege text NOT NULL',
    'public_privileges_before_object_check CHECK ((object = ANY (ARRAY[''database''::text, '
    '''schema public''::text])))',
    'public_privileges_before_pkey PRIMARY KEY (object, privilege)',
    'CREATE UNIQUE INDEX public_privileges_before_pkey ON dsvault_private.public_privileges_before '
    'USING btree (object, privilege)',
    'column object: What the privilege was held on: database, or schema public.',
    'column privilege: Name of the privilege as GRANT writes it.',
    'table: What PUBLIC held on this database and on schema public before dsvault was deployed.']);

ROLLBACK;
