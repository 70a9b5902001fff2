-- Verify dsvault:functions/enter on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.enter',
    dsvault_facts.function_of('dsvault.enter(uuid,uuid)'), ARRAY[
    'FUNCTION enter(tenant_id uuid, user_id uuid) RETURNS void LANGUAGE plpgsql VOLATILE '
    'SECURITY DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Makes the rest of the transaction act as a live user of a live tenant; DV101 for '
    'any other.',
    'body ebb3849705139e37',
    'dsvault_app EXECUTE',
    'dsvault_auditor EXECUTE',
    'dsvault_reader EXECUTE']);

ROLLBACK;
