-- Verify dsvault:roles/dsvault_recorder on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('role dsvault_recorder',
    dsvault_facts.role_of('dsvault_recorder'), ARRAY[
    'NOLOGIN INHERIT',
    'comment: Owns the functions that write and seal the audit trail; sees nothing else of '
    'dsvault.']);

-- The owner hands functions over to it, and inherits nothing of what it may see.
CALL dsvault_facts.must_contain('memberships of dsvault_owner',
    dsvault_facts.role_of('dsvault_owner'), ARRAY['member of dsvault_recorder']);

ROLLBACK;
