-- Verify dsvault:functions/key_use on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.key_use',
    dsvault_facts.function_of('dsvault.key_use(uuid)'), ARRAY[
    'FUNCTION key_use(key_id uuid) RETURNS TABLE(datasets bigint, records bigint, tokens '
    'bigint, messages bigint, is_held boolean) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL '
    'UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: How many datasets name a key of the tenant, how many records and tokens are '
    'encrypted with it, how many messages it encrypted (a record is one more for each field '
    'that is encrypted apart; what was removed since counts too), and whether a legal hold '
    'forbids to make them unreadable.',
    'body ca7175d806f1e8e1',
    'dsvault_operator EXECUTE']);

ROLLBACK;
