-- Verify dsvault:triggers/track_usage on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_contain('dsvault.dataset_versions triggers',
    dsvault_facts.triggers_of('dsvault.dataset_versions'), ARRAY[
    'CREATE TRIGGER _500_usage_delete AFTER DELETE ON dsvault.dataset_versions REFERENCING OLD '
    'TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION '
    'dsvault_private.tg_dataset_versions__usage()',
    'CREATE TRIGGER _500_usage_insert AFTER INSERT ON dsvault.dataset_versions REFERENCING NEW '
    'TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION '
    'dsvault_private.tg_dataset_versions__usage()',
    'CREATE TRIGGER _500_usage_update AFTER UPDATE ON dsvault.dataset_versions REFERENCING OLD '
    'TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION '
    'dsvault_private.tg_dataset_versions__usage()']);

ROLLBACK;
