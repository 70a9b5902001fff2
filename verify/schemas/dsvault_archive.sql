-- Verify dsvault:schemas/dsvault_archive on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('schema dsvault_archive',
    dsvault_facts.schema_of('dsvault_archive'), ARRAY[
    'OWNER dsvault_owner',
    'comment: Months of the audit trail that were archived into files and are not dropped '
    'yet; nobody has access.']);

ROLLBACK;
