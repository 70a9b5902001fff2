-- Verify dsvault:triggers/guard_anchors on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_contain('dsvault_private.audit_anchors triggers',
    dsvault_facts.triggers_of('dsvault_private.audit_anchors'), ARRAY[
    'CREATE TRIGGER _200_refuse BEFORE DELETE OR UPDATE ON dsvault_private.audit_anchors FOR '
    'EACH ROW EXECUTE FUNCTION dsvault_private.tg_audit_anchors__refuse()',
    'CREATE TRIGGER _200_refuse_truncate BEFORE TRUNCATE ON dsvault_private.audit_anchors FOR '
    'EACH STATEMENT EXECUTE FUNCTION dsvault_private.tg__refuse_truncate()']);

ROLLBACK;
