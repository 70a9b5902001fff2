-- Verify dsvault:functions/soft_delete on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.soft_delete',
    dsvault_facts.function_of('dsvault.soft_delete()'), ARRAY[
    'FUNCTION soft_delete() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY INVOKER '
    'PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: Row trigger before INSERT and UPDATE: keeps is_deleted and deleted_at in step, '
    'refuses to undelete (DV103).',
    'body de5e4e5f6d2e55a3']);

ROLLBACK;
