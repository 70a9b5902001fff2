-- Verify dsvault:privileges/defaults on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('default privileges', dsvault_facts.defaults_of_owners(), ARRAY[
    'default privileges of dsvault_definer on functions: none',
    'default privileges of dsvault_definer on types: none',
    'default privileges of dsvault_recorder on functions: none',
    'default privileges of dsvault_recorder on types: none',
    'default privileges of dsvault_finder on functions: none',
    'default privileges of dsvault_finder on types: none',
    'default privileges of dsvault_owner on functions: none',
    'default privileges of dsvault_owner on types: none']);

ROLLBACK;
