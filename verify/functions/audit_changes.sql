-- Verify dsvault:functions/audit_changes on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.audit_redacted_columns',
    dsvault_facts.function_of('dsvault.audit_redacted_columns(text)'), ARRAY[
    'FUNCTION audit_redacted_columns(resource_type text) RETURNS text[] LANGUAGE sql IMMUTABLE '
    'SECURITY INVOKER PARALLEL SAFE OWNER dsvault_owner',
    'comment: Columns of a kind of resource whose values never enter the audit trail; that they '
    'changed does.',
    'body 01ac5fe6b98dff19',
    'dsvault_app EXECUTE',
    'dsvault_auditor EXECUTE',
    'dsvault_operator EXECUTE',
    'dsvault_reader EXECUTE',
    'dsvault_recorder EXECUTE']);

CALL dsvault_facts.must_equal('dsvault_private.redaction',
    dsvault_facts.function_of('dsvault_private.redaction(text,text)'), ARRAY[
    'FUNCTION redaction(column_name text, value text) RETURNS text LANGUAGE sql IMMUTABLE '
    'SECURITY INVOKER PARALLEL SAFE OWNER dsvault_owner',
    'comment: What the audit trail says in place of a secret value of a column: (redacted), or '
    '(destroyed) for a key of which nothing is left.',
    'body 22a5f0c9bf215d95',
    'dsvault_recorder EXECUTE']);

CALL dsvault_facts.must_equal('dsvault_private.audit_action',
    dsvault_facts.function_of('dsvault_private.audit_action(text,text,jsonb)'), ARRAY[
    'FUNCTION audit_action(resource_type text, operation text, changed jsonb) RETURNS text '
    'LANGUAGE sql IMMUTABLE SECURITY INVOKER PARALLEL SAFE OWNER dsvault_owner',
    'comment: Name of the action for an operation on a row, from what an UPDATE changed it to.',
    'body ee3d521cf2791e1e',
    'dsvault_recorder EXECUTE']);

ROLLBACK;
