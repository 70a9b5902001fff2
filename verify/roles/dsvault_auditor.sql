-- Verify dsvault:roles/dsvault_auditor on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('role dsvault_auditor',
    dsvault_facts.role_of('dsvault_auditor'), ARRAY[
    'NOLOGIN INHERIT',
    'comment: Group of logins that read the audit trail and the metadata of the tenant they '
    'name, never records, tokens or keys.']);

ROLLBACK;
