-- Deploy dsvault:seal to pg
-- requires: functions/upgrade_system_roles
-- requires: functions/explain_permission
-- requires: functions/enter
-- requires: functions/leave
-- requires: facts/compare
-- requires: facts/everything
-- requires: privileges/database
-- requires: privileges/defaults
-- requires: triggers/updated_at
-- requires: triggers/soft_delete
-- requires: triggers/guard_roles
--
-- Why:    a release states its whole schema; verify/seal.sql compares the catalog with that statement.
-- Locks:  none.
-- Data:   none.
-- Revert: nothing to undo.

BEGIN;

-- Nothing is created here: what the release made is complete before this change.
SELECT 'dsvault 0.1.0';

COMMIT;
