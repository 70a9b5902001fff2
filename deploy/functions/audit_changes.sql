-- Deploy dsvault:functions/audit_changes to pg
-- requires: functions/audit_origin
-- requires: tables/audit_logs
--
-- Why:    what an audit entry says of a changed row, and what it never says, is told in one place.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- The one place that says what the trail leaves out: a copy of a secret is a secret.
CREATE OR REPLACE FUNCTION dsvault.audit_redacted_columns(resource_type text)
    RETURNS text[]
    LANGUAGE sql
    IMMUTABLE
    PARALLEL SAFE
AS $$
    SELECT CASE resource_type
        WHEN 'key' THEN ARRAY['wrapped_key']
        WHEN 'token' THEN ARRAY['token_hash', 'encrypted_value']
        WHEN 'record' THEN ARRAY['content_hash', 'encrypted_data', 'pii_annotations']
        ELSE ARRAY[]::pg_catalog.text[]
    END
$$;

-- What stands in place of such a value. That nothing is left of a key is no secret: six bytes are
-- the header of a wrap of which the rest was destroyed. Like the next one without a SET clause, so
-- that the planner puts it in place; whoever calls it has pinned its own search_path.
CREATE OR REPLACE FUNCTION dsvault_private.redaction(column_name text, value text)
    RETURNS text
    LANGUAGE sql
    IMMUTABLE
    PARALLEL SAFE
AS $$
    SELECT CASE WHEN column_name = 'wrapped_key' AND octet_length(value::bytea) = 6
        THEN '(destroyed)' ELSE '(redacted)' END
$$;

-- The one place that gives actions their names, in the words of people.
CREATE OR REPLACE FUNCTION dsvault_private.audit_action(
    resource_type text,
    operation     text,
    changed       jsonb
)
    RETURNS text
    LANGUAGE sql
    IMMUTABLE
    PARALLEL SAFE
AS $$
    SELECT resource_type || '.' || CASE
        WHEN resource_type = 'user_role' AND operation = 'INSERT' THEN 'grant'
        WHEN resource_type = 'user_role' AND operation = 'DELETE' THEN 'revoke'
        WHEN operation = 'INSERT' THEN 'create'
        WHEN operation = 'DELETE' THEN 'delete'
        WHEN changed -> 'deleted_at' = 'null' THEN 'restore'
        WHEN changed ? 'deleted_at' THEN 'soft_delete'
        WHEN changed -> 'suspended_at' = 'null' THEN 'resume'
        WHEN changed ? 'suspended_at' THEN 'suspend'
        ELSE coalesce(CASE resource_type || ' ' || (changed ->> 'status')
            WHEN 'user active' THEN 'activate'
            WHEN 'user suspended' THEN 'suspend'
            WHEN 'user locked' THEN 'lock'
            WHEN 'schema active' THEN 'activate'
            WHEN 'schema deprecated' THEN 'deprecate'
            WHEN 'schema archived' THEN 'archive'
            WHEN 'version published' THEN 'publish'
            WHEN 'version archived' THEN 'archive'
            WHEN 'version corrupted' THEN 'corrupt'
            WHEN 'key rotated' THEN 'rotate'
            WHEN 'key expired' THEN 'expire'
            WHEN 'key revoked' THEN 'revoke'
        END, CASE
            WHEN changed ->> 'wrapped_key' = '(destroyed)' THEN 'destroy'
            WHEN changed ? 'wrapped_key' THEN 'rewrap'
            ELSE 'update'
        END)
    END
$$;

COMMENT ON FUNCTION dsvault.audit_redacted_columns(text) IS
    'Columns of a kind of resource whose values never enter the audit trail; that they changed '
    'does.';
COMMENT ON FUNCTION dsvault_private.redaction(text, text) IS
    'What the audit trail says in place of a secret value of a column: (redacted), or (destroyed) '
    'for a key of which nothing is left.';
COMMENT ON FUNCTION dsvault_private.audit_action(text, text, jsonb) IS
    'Name of the action for an operation on a row, from what an UPDATE changed it to.';

REVOKE ALL ON FUNCTION dsvault.audit_redacted_columns(text) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_private.redaction(text, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_private.audit_action(text, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.audit_redacted_columns(text)
    TO dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_recorder;
GRANT EXECUTE ON FUNCTION dsvault_private.redaction(text, text) TO dsvault_recorder;
GRANT EXECUTE ON FUNCTION dsvault_private.audit_action(text, text, jsonb) TO dsvault_recorder;

COMMIT;
