-- Verify dsvault:triggers/guard_archives on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_contain('dsvault.audit_archives triggers',
    dsvault_facts.triggers_of('dsvault.audit_archives'), ARRAY[
    'CREATE TRIGGER _200_refuse BEFORE DELETE OR UPDATE ON dsvault.audit_archives FOR EACH '
    'ROW EXECUTE FUNCTION dsvault_private.tg_audit_archives__refuse()',
    'CREATE TRIGGER _200_refuse_truncate BEFORE TRUNCATE ON dsvault.audit_archives FOR EACH '
    'STATEMENT EXECUTE FUNCTION dsvault_private.tg__refuse_truncate()']);

ROLLBACK;
