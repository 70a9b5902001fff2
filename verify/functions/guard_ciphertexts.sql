-- Verify dsvault:functions/guard_ciphertexts on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.refuse_unknown_keys',
    dsvault_facts.function_of('dsvault_private.refuse_unknown_keys(uuid[], uuid[], text[])'), ARRAY[
    'FUNCTION refuse_unknown_keys(tenant_ids uuid[], key_ids uuid[], types text[]) RETURNS '
    'void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET '
    'search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Refuses pairs of a tenant and a key that is not the tenant''s, was revoked, or '
    'is of another type (DV601).',
    'body d70eadd197676764']);

CALL dsvault_facts.must_equal('dsvault_private.tg_records__known_key',
    dsvault_facts.function_of('dsvault_private.tg_records__known_key()'), ARRAY[
    'FUNCTION tg_records__known_key() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY '
    'DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Statement trigger with new_rows: refuses records under a key that is not the '
    'tenant''s (DV601).',
    'body ee2a3af318312f26',
    'dsvault_owner EXECUTE']);

CALL dsvault_facts.must_equal('dsvault_private.tg_tokens__known_key',
    dsvault_facts.function_of('dsvault_private.tg_tokens__known_key()'), ARRAY[
    'FUNCTION tg_tokens__known_key() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY '
    'DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Statement trigger with new_rows: refuses tokens under a key that is not the '
    'tenant''s (DV601).',
    'body 84d2171124da8284',
    'dsvault_owner EXECUTE']);

ROLLBACK;
