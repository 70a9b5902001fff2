-- Verify dsvault:functions/retention on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.apply_retention',
    dsvault_facts.function_of('dsvault.apply_retention(uuid,integer)'), ARRAY[
    'FUNCTION apply_retention(tenant_id uuid, batch_rows integer DEFAULT 10000) RETURNS bigint '
    'LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, '
    'pg_temp OWNER dsvault_definer',
    'comment: Archives, deletes and anonymizes what is due and not blocked, up to batch_rows '
    'rows, a version that is anonymized as a whole; returns how many that were. Call it until '
    'it returns 0.',
    'body 4be96cd98c3ec543',
    'dsvault_operator EXECUTE']);

ROLLBACK;
