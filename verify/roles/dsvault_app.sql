-- Verify dsvault:roles/dsvault_app on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('role dsvault_app',
    dsvault_facts.role_of('dsvault_app'), ARRAY[
    'NOLOGIN INHERIT',
    'comment: Group of logins that read and write the data of the tenant they name, within the '
    'permissions of the user they name.']);

ROLLBACK;
