-- Verify dsvault:functions/create_audit_log on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.create_audit_log',
    dsvault_facts.function_of('dsvault.create_audit_log()'), ARRAY[
    'FUNCTION create_audit_log() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER '
    'PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp SET plan_cache_mode=force_generic_plan '
    'OWNER dsvault_recorder',
    'comment: Statement trigger: writes an audit entry for each row that the statement made, '
    'changed or removed, and one if it truncated the table; fails the statement if it cannot.',
    'body 507d134aaaa42222',
    'dsvault_owner EXECUTE']);

CALL dsvault_facts.must_equal('dsvault_private.tg_records__audit',
    dsvault_facts.function_of('dsvault_private.tg_records__audit()'), ARRAY[
    'FUNCTION tg_records__audit() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER '
    'PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_recorder',
    'comment: Statement trigger on records: writes an audit entry for each version that the '
    'statement wrote records to or took them from.',
    'body 7d6e9de30dc00852',
    'dsvault_owner EXECUTE']);

ROLLBACK;
