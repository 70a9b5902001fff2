-- Verify dsvault:functions/guard_schemas on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.tg_schemas__number',
    dsvault_facts.function_of('dsvault_private.tg_schemas__number()'), ARRAY[
    'FUNCTION tg_schemas__number() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER '
    'PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Row trigger before INSERT: gives a schema version the next number of its name.',
    'body 6c0d18a4244bb2f5',
    'dsvault_owner EXECUTE']);

CALL dsvault_facts.must_equal('dsvault_private.schema_breaks',
    dsvault_facts.function_of('dsvault_private.schema_breaks(jsonb,jsonb)'), ARRAY[
    'FUNCTION schema_breaks(writer jsonb, reader jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE '
    'SECURITY INVOKER PARALLEL SAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Top-level fields for which what follows the writer''s definition may not satisfy '
    'the reader''s.',
    'body ce20274efd35ec52']);

CALL dsvault_facts.must_equal('dsvault_private.tg_schemas__check',
    dsvault_facts.function_of('dsvault_private.tg_schemas__check()'), ARRAY[
    'FUNCTION tg_schemas__check() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER '
    'PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Row trigger after INSERT and UPDATE: the parent is an earlier version of the '
    'same name (DV704), and an active definition is as compatible with it as it says (DV705).',
    'body 551a364e1bcee881',
    'dsvault_owner EXECUTE']);

ROLLBACK;
