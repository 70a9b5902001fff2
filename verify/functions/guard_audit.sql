-- Verify dsvault:functions/guard_audit on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.tg_audit_logs__refuse',
    dsvault_facts.function_of('dsvault_private.tg_audit_logs__refuse()'), ARRAY[
    'FUNCTION tg_audit_logs__refuse() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER '
    'PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_recorder',
    'comment: Row trigger: refuses to change or remove an audit entry (DV801) unless the glass '
    'was broken in this transaction.',
    'body e2b8646b8ea264ab',
    'dsvault_owner EXECUTE']);

CALL dsvault_facts.must_equal('dsvault_private.tg__refuse_truncate',
    dsvault_facts.function_of('dsvault_private.tg__refuse_truncate()'), ARRAY[
    'FUNCTION tg__refuse_truncate() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY INVOKER '
    'PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: Statement trigger: refuses to truncate the audit trail or one of its partitions '
    '(DV801).',
    'body d1b617f723f5d3ad']);

CALL dsvault_facts.must_equal('dsvault_private.tg_audit_seals__refuse',
    dsvault_facts.function_of('dsvault_private.tg_audit_seals__refuse()'), ARRAY[
    'FUNCTION tg_audit_seals__refuse() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY '
    'INVOKER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: Row trigger: refuses to change or remove a seal (DV801).',
    'body be5d8433cee91bba']);

CALL dsvault_facts.must_equal('dsvault_private.tg_audit_archives__refuse',
    dsvault_facts.function_of('dsvault_private.tg_audit_archives__refuse()'), ARRAY[
    'FUNCTION tg_audit_archives__refuse() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY '
    'INVOKER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: Row trigger: refuses to change or remove the record of an archived month '
    '(DV801).',
    'body 6ab1a8be516f4c6a']);

ROLLBACK;
