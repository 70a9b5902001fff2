-- Deploy dsvault:triggers/guard_seals to pg
-- requires: functions/guard_audit
-- requires: policies/audit_seals
--
-- Why:    a seal is made once; there is no reason to change one, and no way.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.audit_seals, no scan.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

CREATE OR REPLACE TRIGGER _200_refuse
    BEFORE UPDATE OR DELETE ON dsvault.audit_seals
    FOR EACH ROW EXECUTE FUNCTION dsvault_private.tg_audit_seals__refuse();

CREATE OR REPLACE TRIGGER _200_refuse_truncate
    BEFORE TRUNCATE ON dsvault.audit_seals
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault_private.tg__refuse_truncate();

COMMIT;
