-- Deploy dsvault:triggers/guard_archives to pg
-- requires: functions/guard_audit
-- requires: policies/audit_archives
--
-- Why:    what left the trail is written down once; there is no reason to change it, and no way.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.audit_archives, no scan.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

CREATE OR REPLACE TRIGGER _200_refuse
    BEFORE UPDATE OR DELETE ON dsvault.audit_archives
    FOR EACH ROW EXECUTE FUNCTION dsvault_private.tg_audit_archives__refuse();

CREATE OR REPLACE TRIGGER _200_refuse_truncate
    BEFORE TRUNCATE ON dsvault.audit_archives
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault_private.tg__refuse_truncate();

COMMIT;
