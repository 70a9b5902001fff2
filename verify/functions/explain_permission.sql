-- Verify dsvault:functions/explain_permission on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.explain_permission',
    dsvault_facts.function_of('dsvault.explain_permission(uuid,text,uuid)'), ARRAY[
    'FUNCTION explain_permission(p_user_id uuid, p_permission text, p_resource_id uuid DEFAULT '
    'NULL::uuid) RETURNS TABLE(holds boolean, decided_by text, reason text) LANGUAGE plpgsql '
    'STABLE SECURITY DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER '
    'dsvault_definer',
    'comment: One row for every role, ownership or obstacle that decides what has_permission '
    'answers; about another user only with role:read (DV102).',
    'body f551b5fc0fa85155',
    'dsvault_app EXECUTE',
    'dsvault_auditor EXECUTE',
    'dsvault_reader EXECUTE']);

ROLLBACK;
