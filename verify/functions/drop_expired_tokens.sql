-- Verify dsvault:functions/drop_expired_tokens on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.drop_expired_tokens',
    dsvault_facts.function_of('dsvault.drop_expired_tokens(uuid[])'), ARRAY[
    'FUNCTION drop_expired_tokens(token_ids uuid[]) RETURNS bigint LANGUAGE plpgsql VOLATILE '
    'SECURITY DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Removes those of the tenant''s tokens that have expired, as maintenance would, so '
    'that a new one can take their place; needs token:create. Returns how many.',
    'body f9b3eeacd2fbe027',
    'dsvault_app EXECUTE']);

ROLLBACK;
