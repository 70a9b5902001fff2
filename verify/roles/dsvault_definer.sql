-- Verify dsvault:roles/dsvault_definer on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('role dsvault_definer',
    dsvault_facts.role_of('dsvault_definer'), ARRAY[
    'NOLOGIN INHERIT',
    'comment: Owns the SECURITY DEFINER functions of dsvault; stays below row-level security '
    'with narrow policies of its own.']);

ROLLBACK;
