-- Verify dsvault:functions/expire on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.expire',
    dsvault_facts.function_of('dsvault.expire(uuid)'), ARRAY[
    'FUNCTION expire(tenant_id uuid, OUT keys bigint, OUT grants bigint, OUT tokens bigint) '
    'RETURNS record LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET '
    'search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Marks the expired keys of a tenant, and removes expired grants and tokens; '
    'returns how many. A value whose token is removed cannot be found again by it.',
    'body c9d51de50758faea',
    'dsvault_operator EXECUTE']);

ROLLBACK;
