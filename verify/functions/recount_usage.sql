-- Verify dsvault:functions/recount_usage on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.recount_usage',
    dsvault_facts.function_of('dsvault.recount_usage(uuid)'), ARRAY[
    'FUNCTION recount_usage(tenant_id uuid) RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY '
    'DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Counts what a tenant uses anew; returns how many sums were wrong and are '
    'corrected now: 0 if all is well.',
    'body dbde6127eb321acc',
    'dsvault_operator EXECUTE']);

ROLLBACK;
