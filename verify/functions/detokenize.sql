-- Verify dsvault:functions/detokenize on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.detokenize',
    dsvault_facts.function_of('dsvault.detokenize(uuid[], text)'), ARRAY[
    'FUNCTION detokenize(token_ids uuid[], reason text) RETURNS TABLE(id uuid, pii_type text, '
    'is_expired boolean, encrypted_value bytea) LANGUAGE plpgsql VOLATILE SECURITY DEFINER '
    'PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: The encrypted values of tokens, for token:detokenize and a reason (DV602, '
    'DV603); expired ones without their value. Every call is audited, every value given is '
    'counted.',
    'body 59f32bb7705d229c',
    'dsvault_app EXECUTE']);

CALL dsvault_facts.must_equal('dsvault.forget_tokens',
    dsvault_facts.function_of('dsvault.forget_tokens(uuid[], text)'), ARRAY[
    'FUNCTION forget_tokens(token_ids uuid[], reason text) RETURNS bigint LANGUAGE plpgsql '
    'VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER '
    'dsvault_definer',
    'comment: Empties tokens for ever, for token:detokenize and a reason (DV602, DV603): value '
    'and hash are gone, the row stays. Returns how many. Not under legal hold (DV604).',
    'body dfa9e5215eb8cb51',
    'dsvault_app EXECUTE']);

CALL dsvault_facts.must_equal('dsvault.count_token_accesses',
    dsvault_facts.function_of('dsvault.count_token_accesses(integer)'), ARRAY[
    'FUNCTION count_token_accesses(most integer DEFAULT 1000) RETURNS bigint LANGUAGE plpgsql '
    'VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER '
    'dsvault_definer',
    'comment: Adds the accesses of up to so many noted calls of the tenant to accessed_count '
    'and last_accessed_at; returns how many there were, 0 at the end.',
    'body 74b458e060ad3b4a',
    'dsvault_operator EXECUTE']);

ROLLBACK;
