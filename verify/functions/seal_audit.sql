-- Verify dsvault:functions/seal_audit on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.seal_audit',
    dsvault_facts.function_of('dsvault.seal_audit()'), ARRAY[
    'FUNCTION seal_audit() RETURNS TABLE(tenant_id uuid, seal_number bigint, entry_count bigint) '
    'LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, '
    'pg_temp OWNER dsvault_recorder',
    'comment: Seals all audit entries whose transactions have ended, tenant by tenant, each seal '
    'chained to the one before, and anchors each month; returns the new seals, none if there is '
    'nothing new.',
    'body 49e55d2e267a1d07',
    'dsvault_operator EXECUTE']);

ROLLBACK;
