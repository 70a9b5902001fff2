-- Verify dsvault:functions/guard_records on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.tg_records__frozen',
    dsvault_facts.function_of('dsvault_private.tg_records__frozen()'), ARRAY[
    'FUNCTION tg_records__frozen() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER '
    'PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Statement trigger after INSERT, UPDATE and DELETE: refuses to change records of '
    'a version that is no draft (DV703).',
    'body 78081d98c4a4b188',
    'dsvault_owner EXECUTE']);

CALL dsvault_facts.must_equal('dsvault_private.tg_records__refuse_by_name',
    dsvault_facts.function_of('dsvault_private.tg_records__refuse_by_name()'), ARRAY[
    'FUNCTION tg_records__refuse_by_name() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY '
    'INVOKER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: Statement trigger on partitions of records: refuses to write to one by its own name '
    '(DV709).',
    'body b7ca0a9d910a0998']);

ROLLBACK;
