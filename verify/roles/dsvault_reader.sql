-- Verify dsvault:roles/dsvault_reader on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('role dsvault_reader',
    dsvault_facts.role_of('dsvault_reader'), ARRAY[
    'NOLOGIN INHERIT',
    'comment: Group of logins that only read the data of the tenant they name, within the '
    'permissions of the user they name.']);

ROLLBACK;
