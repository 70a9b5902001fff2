-- Deploy dsvault:triggers/guard_lineage to pg
-- requires: functions/guard_lineage
-- requires: tables/lineage_edges
--
-- Why:    ends of an edge exist, and nothing is derived from itself.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.lineage_edges, no scan.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

CREATE OR REPLACE TRIGGER _200_ends_insert
    AFTER INSERT ON dsvault.lineage_edges
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault_private.tg_lineage_edges__ends();

CREATE OR REPLACE TRIGGER _200_ends_update
    AFTER UPDATE ON dsvault.lineage_edges
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault_private.tg_lineage_edges__ends();

CREATE OR REPLACE TRIGGER _210_acyclic_insert
    AFTER INSERT ON dsvault.lineage_edges
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault_private.tg_lineage_edges__acyclic();

CREATE OR REPLACE TRIGGER _210_acyclic_update
    AFTER UPDATE ON dsvault.lineage_edges
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dsvault_private.tg_lineage_edges__acyclic();

COMMIT;
