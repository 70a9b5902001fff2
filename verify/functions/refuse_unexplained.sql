-- Verify dsvault:functions/refuse_unexplained on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.refuse_unexplained',
    dsvault_facts.function_of('dsvault_private.refuse_unexplained(uuid, text)'), ARRAY[
    'FUNCTION refuse_unexplained(tenant_id uuid, reason text) RETURNS void LANGUAGE plpgsql '
    'IMMUTABLE SECURITY INVOKER PARALLEL SAFE OWNER dsvault_owner',
    'comment: Refuses no tenant (DV602), which means no permission, and no reason (DV603).',
    'body f826756921bf69b7',
    'dsvault_definer EXECUTE']);

ROLLBACK;
