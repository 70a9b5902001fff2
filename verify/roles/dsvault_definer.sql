-- Verify dsvault:roles/dsvault_definer on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('role dsvault_definer',
    dsvault_facts.role_of('dsvault_definer'), ARRAY[
    'NOLOGIN INHERIT',
    'comment: Owns the SECURITY DEFINER functions of dsvault; stays below row-level security '
    'with narrow policies of its own.']);

-- The owner hands functions over to the definer, and inherits nothing of what that may see.
CALL dsvault_facts.must_contain('memberships of dsvault_owner',
    dsvault_facts.role_of('dsvault_owner'), ARRAY['member of dsvault_definer']);

ROLLBACK;
