-- Deploy dsvault:seal to pg
-- requires: functions/upgrade_system_roles
-- requires: functions/suspend_tenant
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
-- requires: triggers/guard_deletion
-- requires: triggers/guard_ciphertexts
-- requires: triggers/count_removals
-- requires: triggers/guard_status
-- requires: triggers/guard_records
-- requires: triggers/guard_schemas
-- requires: triggers/guard_lineage
-- requires: triggers/guard_retention
-- requires: triggers/track_usage
-- requires: functions/recount_usage
-- requires: functions/storage_quota
-- requires: functions/key_use
-- requires: functions/log_event
-- requires: functions/break_audit_glass
-- requires: triggers/audit_people
-- requires: triggers/audit_data
-- requires: triggers/guard_audit
-- requires: functions/merkle_proofs
-- requires: functions/merkle_verify
-- requires: functions/seal_audit
-- requires: triggers/guard_seals
-- requires: functions/tenant_summary
-- requires: functions/find_user
-- requires: functions/detokenize
-- requires: functions/drop_expired_tokens
-- requires: functions/token_records
-- requires: functions/restore
-- requires: functions/erase_tenant
-- requires: functions/maintain
-- requires: triggers/guard_anchors
-- requires: triggers/guard_archives
-- requires: functions/archive_audit_partition
-- requires: functions/deleted_rows
-- requires: views/storage_warnings
-- requires: functions/review_version
--
-- Why:    a release says which one it is; verify/seal.sql compares the catalog with what it made.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

CREATE OR REPLACE FUNCTION dsvault.version()
    RETURNS text
    LANGUAGE sql
    IMMUTABLE
    PARALLEL SAFE
AS $$
    SELECT '0.1.0';
$$;

COMMENT ON FUNCTION dsvault.version() IS
    'Release of the schema, as tagged in the plan: major.minor.patch.';

REVOKE ALL ON FUNCTION dsvault.version() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.version()
    TO dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator;

COMMIT;
