-- Verify dsvault:facts/database on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_facts.creators_in_database',
    dsvault_facts.function_of('dsvault_facts.creators_in_database()'), ARRAY[
    'FUNCTION creators_in_database() RETURNS text[] LANGUAGE sql STABLE SECURITY INVOKER '
    'PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: One line a privilege to create objects, on this database or schema public, that '
    'PUBLIC or a role of the vault holds.',
    'body adebefad8e1e8030']);

CALL dsvault_facts.must_equal('dsvault_facts.defaults_of_owners',
    dsvault_facts.function_of('dsvault_facts.defaults_of_owners()'), ARRAY[
    'FUNCTION defaults_of_owners() RETURNS text[] LANGUAGE sql STABLE SECURITY INVOKER '
    'PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: One line a kind of object whose default privileges an owner of the vault''s '
    'objects changed.',
    'body 47b352cf7981ab4e']);

ROLLBACK;
