-- Verify dsvault:functions/guard_deletion on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.tg__may_delete',
    dsvault_facts.function_of('dsvault_private.tg__may_delete()'), ARRAY[
    'FUNCTION tg__may_delete() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY INVOKER '
    'PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: Row trigger after UPDATE: refuses to mark a row deleted without the permission '
    'it is given (DV202).',
    'body c23b0f6499e7902d']);

ROLLBACK;
