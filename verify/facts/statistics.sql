-- Verify dsvault:facts/statistics on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_facts.statistics_of',
    dsvault_facts.function_of('dsvault_facts.statistics_of(regclass)'), ARRAY[
    'FUNCTION statistics_of(relation regclass) RETURNS text[] LANGUAGE sql STABLE SECURITY '
    'INVOKER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: One line an object of extended statistics: its definition, owner, target if that '
    'is not the usual one, and comment.',
    'body f2659eb709e84a19']);

ROLLBACK;
