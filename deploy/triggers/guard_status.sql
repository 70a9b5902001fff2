-- Deploy dsvault:triggers/guard_status to pg
-- requires: functions/guard_status
-- requires: tables/dataset_versions
-- requires: tables/schemas
-- requires: tables/encryption_keys
--
-- Why:    a published version, an active definition and the kind of a key stay as they are.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.dataset_versions, schemas and encryption_keys, no scan.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

CREATE OR REPLACE TRIGGER _200_begin
    AFTER INSERT ON dsvault.dataset_versions
    FOR EACH ROW WHEN (NEW.status <> 'draft')
    EXECUTE FUNCTION dsvault_private.tg__transition('version');

CREATE OR REPLACE TRIGGER _200_begin
    AFTER INSERT ON dsvault.schemas
    FOR EACH ROW WHEN (NEW.status <> 'active')
    EXECUTE FUNCTION dsvault_private.tg__transition('schema');

CREATE OR REPLACE TRIGGER _200_begin
    AFTER INSERT ON dsvault.encryption_keys
    FOR EACH ROW WHEN (NEW.status <> 'active')
    EXECUTE FUNCTION dsvault_private.tg__transition('key');

CREATE OR REPLACE TRIGGER _201_transition
    AFTER UPDATE ON dsvault.dataset_versions
    FOR EACH ROW WHEN (OLD.status <> NEW.status)
    EXECUTE FUNCTION dsvault_private.tg__transition('version');

CREATE OR REPLACE TRIGGER _201_transition
    AFTER UPDATE ON dsvault.schemas
    FOR EACH ROW WHEN (OLD.status <> NEW.status)
    EXECUTE FUNCTION dsvault_private.tg__transition('schema');

CREATE OR REPLACE TRIGGER _201_transition
    AFTER UPDATE ON dsvault.encryption_keys
    FOR EACH ROW WHEN (OLD.status <> NEW.status)
    EXECUTE FUNCTION dsvault_private.tg__transition('key');

-- A draft changes in what its author writes, never in what it is a draft of.
CREATE OR REPLACE TRIGGER _202_frozen_draft
    AFTER UPDATE ON dsvault.dataset_versions
    FOR EACH ROW WHEN (OLD.status = 'draft' AND OLD IS DISTINCT FROM NEW)
    EXECUTE FUNCTION dsvault_private.tg__frozen('version', 'status', 'version_number',
        'parent_version_id', 'commit_id', 'tree_hash', 'message', 'author_id', 'record_count',
        'size_bytes', 'storage_path', 'manifest_hash', 'metadata');

CREATE OR REPLACE TRIGGER _203_frozen
    AFTER UPDATE ON dsvault.dataset_versions
    FOR EACH ROW WHEN (OLD.status <> 'draft' AND OLD IS DISTINCT FROM NEW)
    EXECUTE FUNCTION dsvault_private.tg__frozen('version', 'status');

CREATE OR REPLACE TRIGGER _202_frozen_draft
    AFTER UPDATE ON dsvault.schemas
    FOR EACH ROW WHEN (OLD.status = 'draft' AND OLD IS DISTINCT FROM NEW)
    EXECUTE FUNCTION dsvault_private.tg__frozen('schema', 'status', 'description', 'definition',
        'compatibility_mode', 'parent_schema_id');

-- A description is about the definition and no part of it.
CREATE OR REPLACE TRIGGER _203_frozen
    AFTER UPDATE ON dsvault.schemas
    FOR EACH ROW WHEN (OLD.status <> 'draft' AND OLD IS DISTINCT FROM NEW)
    EXECUTE FUNCTION dsvault_private.tg__frozen('schema', 'status', 'description');

-- Rewrapping changes how a key is kept, not which key it is.
CREATE OR REPLACE TRIGGER _203_frozen
    AFTER UPDATE ON dsvault.encryption_keys
    FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW)
    EXECUTE FUNCTION dsvault_private.tg__frozen('key', 'status', 'kms_provider', 'kms_key_id',
        'wrapped_key', 'rotated_at', 'expires_at');

COMMIT;
