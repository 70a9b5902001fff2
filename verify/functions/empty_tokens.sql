-- Verify dsvault:functions/empty_tokens on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.token_id',
    dsvault_facts.function_of('dsvault_private.token_id(text)'), ARRAY[
    'FUNCTION token_id(token text) RETURNS uuid LANGUAGE plpgsql IMMUTABLE SECURITY INVOKER '
    'PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: The id of the row that a token names; NULL if it is no token.',
    'body af5ca4783c90c94d']);

CALL dsvault_facts.must_equal('dsvault_private.empty_tokens',
    dsvault_facts.function_of('dsvault_private.empty_tokens(uuid,uuid[])'), ARRAY[
    'FUNCTION empty_tokens(tenant_id uuid, token_ids uuid[]) RETURNS bigint LANGUAGE plpgsql '
    'VOLATILE SECURITY INVOKER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER '
    'dsvault_definer',
    'comment: Empties tokens of a tenant for ever: value and hash are gone, the rows stay. '
    'Returns how many were not empty already.',
    'body dc6b3c70a7b53c8a']);

ROLLBACK;
