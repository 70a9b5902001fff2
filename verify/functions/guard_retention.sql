-- Verify dsvault:functions/guard_retention on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.tg_datasets__retained',
    dsvault_facts.function_of('dsvault_private.tg_datasets__retained()'), ARRAY[
    'FUNCTION tg_datasets__retained() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY '
    'DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Row trigger before DELETE and after UPDATE: refuses to delete a dataset, or to '
    'mark it deleted, under legal hold (DV731), and to delete one whose versions have to be '
    'kept (DV732).',
    'body 0c44efbe8702f502',
    'dsvault_owner EXECUTE']);

CALL dsvault_facts.must_equal('dsvault_private.tg_versions__retained',
    dsvault_facts.function_of('dsvault_private.tg_versions__retained()'), ARRAY[
    'FUNCTION tg_versions__retained() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY '
    'DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Statement trigger after DELETE: refuses versions of a dataset under legal hold '
    '(DV731), and those that were published and have to be kept (DV732).',
    'body abb71acb1caee87a',
    'dsvault_owner EXECUTE']);

CALL dsvault_facts.must_equal('dsvault_private.tg_records__retained',
    dsvault_facts.function_of('dsvault_private.tg_records__retained()'), ARRAY[
    'FUNCTION tg_records__retained() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER'
    ' PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Statement trigger after DELETE: refuses records of a dataset under legal hold '
    '(DV731).',
    'body 0916975a684b6778',
    'dsvault_owner EXECUTE']);

ROLLBACK;
