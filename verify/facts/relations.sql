-- Verify dsvault:facts/relations on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_facts.table_of',
    dsvault_facts.function_of('dsvault_facts.table_of(regclass)'), ARRAY[
    'FUNCTION table_of(relation regclass) RETURNS text[] LANGUAGE sql STABLE SECURITY INVOKER '
    'PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: Kind, partition key, persistence, owner and options of one relation, as one line;'
    ' of a view a digest of its body too.',
    'body c28e2fff7c3d740a']);

CALL dsvault_facts.must_equal('dsvault_facts.columns_of',
    dsvault_facts.function_of('dsvault_facts.columns_of(regclass)'), ARRAY[
    'FUNCTION columns_of(relation regclass) RETURNS text[] LANGUAGE sql STABLE SECURITY '
    'INVOKER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: One line a column: name, type, collation if unusual, NOT NULL, identity, '
    'generation, default.',
    'body bca26780d96303a3']);

CALL dsvault_facts.must_equal('dsvault_facts.constraints_of',
    dsvault_facts.function_of('dsvault_facts.constraints_of(regclass)'), ARRAY[
    'FUNCTION constraints_of(relation regclass) RETURNS text[] LANGUAGE sql STABLE SECURITY '
    'INVOKER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: One line a constraint but NOT NULL: name, definition, NOT VALID or SWITCHED OFF '
    'if it is.',
    'body 5e025f1ffcd3b14c']);

CALL dsvault_facts.must_equal('dsvault_facts.indexes_of',
    dsvault_facts.function_of('dsvault_facts.indexes_of(regclass)'), ARRAY[
    'FUNCTION indexes_of(relation regclass) RETURNS text[] LANGUAGE sql STABLE SECURITY '
    'INVOKER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: One line an index: its definition, INVALID or NOT READY if it is.',
    'body 7f2743455cf280b6']);

CALL dsvault_facts.must_equal('dsvault_facts.triggers_of',
    dsvault_facts.function_of('dsvault_facts.triggers_of(regclass)'), ARRAY[
    'FUNCTION triggers_of(relation regclass) RETURNS text[] LANGUAGE sql STABLE SECURITY '
    'INVOKER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: One line a trigger or rule: its definition, and its state if that is not the '
    'usual one.',
    'body ee18b14bfaaa4f0d']);

CALL dsvault_facts.must_equal('dsvault_facts.partitions_of',
    dsvault_facts.function_of('dsvault_facts.partitions_of(regclass)'), ARRAY[
    'FUNCTION partitions_of(relation regclass) RETURNS text[] LANGUAGE sql STABLE SECURITY '
    'INVOKER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: One line a partition: its name and bounds.',
    'body 531a6d2c5c4b5596']);

ROLLBACK;
