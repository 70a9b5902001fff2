-- Verify dsvault:functions/break_audit_glass on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.break_audit_glass',
    dsvault_facts.function_of('dsvault.break_audit_glass(text,uuid)'), ARRAY[
    'FUNCTION break_audit_glass(reason text, tenant_id uuid DEFAULT '
    '''00000000-0000-0000-0000-000000000000''::uuid) RETURNS uuid LANGUAGE plpgsql VOLATILE '
    'SECURITY DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_recorder',
    'comment: Lets the owner change and remove audit entries of one tenant, or of all (the '
    'system tenant), in the rest of this transaction; writes an entry that says so and stays '
    '(DV802 without a reason).',
    'body 63d8817746eeaafe',
    'dsvault_owner EXECUTE']);

ROLLBACK;
