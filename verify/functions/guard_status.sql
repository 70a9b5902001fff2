-- Verify dsvault:functions/guard_status on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.tg__transition',
    dsvault_facts.function_of('dsvault_private.tg__transition()'), ARRAY[
    'FUNCTION tg__transition() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY INVOKER '
    'PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: Row trigger after INSERT and UPDATE: refuses a status that may not follow the '
    'one before (DV701).',
    'body bcecf6fd75d64bdf']);

CALL dsvault_facts.must_equal('dsvault_private.tg__frozen',
    dsvault_facts.function_of('dsvault_private.tg__frozen()'), ARRAY[
    'FUNCTION tg__frozen() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY INVOKER PARALLEL '
    'UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: Row trigger after UPDATE: refuses to change any column but those it is given '
    '(DV702).',
    'body d2251d7a8ddf5ba7']);

ROLLBACK;
