-- Verify dsvault:roles/dsvault_finder on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('role dsvault_finder',
    dsvault_facts.role_of('dsvault_finder'), ARRAY[
    'NOLOGIN INHERIT',
    'comment: Owns the function that finds records by their tokens; sees ids and annotations of '
    'records and nothing else of dsvault.']);

-- The owner hands functions over to it, and inherits nothing of what it may see.
CALL dsvault_facts.must_contain('memberships of dsvault_owner',
    dsvault_facts.role_of('dsvault_owner'), ARRAY['member of dsvault_finder']);

ROLLBACK;
