-- Verify dsvault:facts/everything on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_facts.partition_of',
    dsvault_facts.function_of('dsvault_facts.partition_of(regclass)'), ARRAY[
    'FUNCTION partition_of(relation regclass) RETURNS text[] LANGUAGE sql STABLE SECURITY '
    'INVOKER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: What is true of one partition, without its name.',
    'body 7df9d5c987176b0b']);

CALL dsvault_facts.must_equal('dsvault_facts.everything_of',
    dsvault_facts.function_of('dsvault_facts.everything_of(regclass)'), ARRAY[
    'FUNCTION everything_of(relation regclass) RETURNS text[] LANGUAGE sql STABLE SECURITY '
    'INVOKER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: Every fact of one relation, and of its partitions as a kind, each line led by '
    'its subject.',
    'body b3debcfdf2180113']);

CALL dsvault_facts.must_equal('dsvault_facts.everything',
    dsvault_facts.function_of('dsvault_facts.everything()'), ARRAY[
    'FUNCTION everything() RETURNS text[] LANGUAGE sql STABLE SECURITY INVOKER PARALLEL UNSAFE '
    'SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: Every fact of the vault''s schemas, roles, default privileges and database, '
    'sorted.',
    'body 22b85e46f1a13548']);

ROLLBACK;
