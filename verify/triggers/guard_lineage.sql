-- Verify dsvault:triggers/guard_lineage on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_contain('dsvault.lineage_edges triggers',
    dsvault_facts.triggers_of('dsvault.lineage_edges'), ARRAY[
    'CREATE TRIGGER _200_ends_insert AFTER INSERT ON dsvault.lineage_edges REFERENCING NEW '
    'TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION '
    'dsvault_private.tg_lineage_edges__ends()',
    'CREATE TRIGGER _200_ends_update AFTER UPDATE ON dsvault.lineage_edges REFERENCING NEW '
    'TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION '
    'dsvault_private.tg_lineage_edges__ends()',
    'CREATE TRIGGER _210_acyclic_insert AFTER INSERT ON dsvault.lineage_edges REFERENCING NEW '
    'TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION '
    'dsvault_private.tg_lineage_edges__acyclic()',
    'CREATE TRIGGER _210_acyclic_update AFTER UPDATE ON dsvault.lineage_edges REFERENCING NEW '
    'TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION '
    'dsvault_private.tg_lineage_edges__acyclic()']);

ROLLBACK;
