-- Verify dsvault:roles/dsvault_definer on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('role dsvault_definer',
    dsvault_facts.role_of('dsvault_definer'), ARRAY[
    'NOLOGIN INHERIT',
    'comment: Owns the SECURITY DEFINER functions of dsvault; stays below row-level security '
    'with narrow policies of its own.']);

-- The owner hands functions over to the definer, and inherits nothing of what that may see.
DO $$
DECLARE
    v_actual text[] := ARRAY(
        SELECT m.fact FROM pg_catalog.unnest(dsvault_facts.role_of('dsvault_owner')) AS m (fact)
        WHERE m.fact LIKE 'member of %');
BEGIN
    CALL dsvault_facts.must_equal('memberships of dsvault_owner', v_actual,
        ARRAY['member of dsvault_definer']);
END;
$$;

ROLLBACK;
