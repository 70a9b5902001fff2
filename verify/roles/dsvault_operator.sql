-- Verify dsvault:roles/dsvault_operator on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('role dsvault_operator',
    dsvault_facts.role_of('dsvault_operator'), ARRAY[
    'NOLOGIN INHERIT',
    'comment: Group of logins that provision tenants and run maintenance through functions, '
    'never reading records or tokens.']);

ROLLBACK;
