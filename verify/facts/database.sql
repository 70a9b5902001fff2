-- Verify dsvault:facts/database on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_facts.public_of_database',
    dsvault_facts.function_of('dsvault_facts.public_of_database()'), ARRAY[
    'FUNCTION public_of_database() RETURNS text[] LANGUAGE sql STABLE SECURITY INVOKER '
    'PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: One line a privilege to create objects that PUBLIC holds on this database or '
    'schema public.',
    'body 6d0080c0a003dd4e']);

CALL dsvault_facts.must_equal('dsvault_facts.defaults_of_owners',
    dsvault_facts.function_of('dsvault_facts.defaults_of_owners()'), ARRAY[
    'FUNCTION defaults_of_owners() RETURNS text[] LANGUAGE sql STABLE SECURITY INVOKER '
    'PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: One line a kind of object whose default privileges the owner or the definer '
    'changed.',
    'body ab46b535f845d470']);

ROLLBACK;
