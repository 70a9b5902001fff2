-- Verify dsvault:functions/guard_roles on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.tg_user_roles__bound',
    dsvault_facts.function_of('dsvault_private.tg_user_roles__bound()'), ARRAY[
    'FUNCTION tg_user_roles__bound() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY '
    'DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Row trigger: refuses to grant, change or take a role beyond the current user''s '
    'permissions (DV201), or to grant without role:update or in another''s name (42501).',
    'body 793dbc43ea5f7434',
    'dsvault_owner EXECUTE']);

CALL dsvault_facts.must_equal('dsvault_private.tg__keep_admin',
    dsvault_facts.function_of('dsvault_private.tg__keep_admin()'), ARRAY[
    'FUNCTION tg__keep_admin() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER '
    'PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Row trigger after a change: refuses to leave a live tenant without a lasting '
    'administrator (DV203).',
    'body 2b4d7b1f218df47a',
    'dsvault_owner EXECUTE']);

ROLLBACK;
