-- Verify dsvault:triggers/guard_status on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_contain('dsvault.dataset_versions triggers',
    dsvault_facts.triggers_of('dsvault.dataset_versions'), ARRAY[
    'CREATE TRIGGER _200_begin AFTER INSERT ON dsvault.dataset_versions FOR EACH ROW WHEN '
    '(((new.status)::text <> ''draft''::text)) EXECUTE FUNCTION '
    'dsvault_private.tg__transition(''version'')',
    'CREATE TRIGGER _201_transition AFTER UPDATE ON dsvault.dataset_versions FOR EACH ROW WHEN '
    '(((old.status)::text <> (new.status)::text)) EXECUTE FUNCTION '
    'dsvault_private.tg__transition(''version'')',
    'CREATE TRIGGER _202_frozen_draft AFTER UPDATE ON dsvault.dataset_versions FOR EACH ROW '
    'WHEN ((((old.status)::text = ''draft''::text) AND (old.* IS DISTINCT FROM new.*))) '
    'EXECUTE FUNCTION dsvault_private.tg__frozen(''version'', ''status'', ''version_number'', '
    '''parent_version_id'', ''commit_id'', ''tree_hash'', ''message'', ''author_id'', '
    '''record_count'', ''size_bytes'', ''storage_path'', ''manifest_hash'', ''metadata'')',
    'CREATE TRIGGER _203_frozen AFTER UPDATE ON dsvault.dataset_versions FOR EACH ROW WHEN '
    '((((old.status)::text <> ''draft''::text) AND (old.* IS DISTINCT FROM new.*))) EXECUTE '
    'FUNCTION dsvault_private.tg__frozen(''version'', ''status'')']);

CALL dsvault_facts.must_contain('dsvault.schemas triggers',
    dsvault_facts.triggers_of('dsvault.schemas'), ARRAY[
    'CREATE TRIGGER _200_begin AFTER INSERT ON dsvault.schemas FOR EACH ROW WHEN '
    '(((new.status)::text <> ''active''::text)) EXECUTE FUNCTION '
    'dsvault_private.tg__transition(''schema'')',
    'CREATE TRIGGER _201_transition AFTER UPDATE ON dsvault.schemas FOR EACH ROW WHEN '
    '(((old.status)::text <> (new.status)::text)) EXECUTE FUNCTION '
    'dsvault_private.tg__transition(''schema'')',
    'CREATE TRIGGER _202_frozen_draft AFTER UPDATE ON dsvault.schemas FOR EACH ROW WHEN '
    '((((old.status)::text = ''draft''::text) AND (old.* IS DISTINCT FROM new.*))) EXECUTE '
    'FUNCTION dsvault_private.tg__frozen(''schema'', ''status'', ''description'', '
    '''definition'', ''compatibility_mode'', ''parent_schema_id'')',
    'CREATE TRIGGER _203_frozen AFTER UPDATE ON dsvault.schemas FOR EACH ROW WHEN '
    '((((old.status)::text <> ''draft''::text) AND (old.* IS DISTINCT FROM new.*))) EXECUTE '
    'FUNCTION dsvault_private.tg__frozen(''schema'', ''status'', ''description'')']);

CALL dsvault_facts.must_contain('dsvault.encryption_keys triggers',
    dsvault_facts.triggers_of('dsvault.encryption_keys'), ARRAY[
    'CREATE TRIGGER _200_begin AFTER INSERT ON dsvault.encryption_keys FOR EACH ROW WHEN '
    '(((new.status)::text <> ''active''::text)) EXECUTE FUNCTION '
    'dsvault_private.tg__transition(''key'')',
    'CREATE TRIGGER _201_transition AFTER UPDATE ON dsvault.encryption_keys FOR EACH ROW WHEN '
    '(((old.status)::text <> (new.status)::text)) EXECUTE FUNCTION '
    'dsvault_private.tg__transition(''key'')',
    'CREATE TRIGGER _203_frozen AFTER UPDATE ON dsvault.encryption_keys FOR EACH ROW WHEN '
    '((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION dsvault_private.tg__frozen(''key'', '
    '''status'', ''kms_provider'', ''kms_key_id'', ''wrapped_key'', ''rotated_at'', '
    '''expires_at'')']);

ROLLBACK;
