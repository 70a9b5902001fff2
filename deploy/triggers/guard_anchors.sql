-- Deploy dsvault:triggers/guard_anchors to pg
-- requires: functions/anchor_audit
-- requires: functions/guard_audit
-- requires: tables/audit_anchors
--
-- Why:    what keeps the partitions of the trail is kept as the trail is.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault_private.audit_anchors, no scan.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

CREATE OR REPLACE TRIGGER _200_refuse
    BEFORE UPDATE OR DELETE ON dsvault_private.audit_anchors
    FOR EACH ROW EXECUTE FUNCTION dsvault_private.tg_audit_anchors__refuse();

CREATE OR REPLACE TRIGGER _200_refuse_truncate
    BEFORE TRUNCATE ON dsvault_private.audit_anchors
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault_private.tg__refuse_truncate();

COMMIT;
