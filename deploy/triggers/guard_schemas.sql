-- Deploy dsvault:triggers/guard_schemas to pg
-- requires: functions/guard_schemas
-- requires: tables/schemas
--
-- Why:    versions of a schema are counted and descend from one another.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.schemas, no scan.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

-- A number beyond 1 is the caller's own: an import keeps the numbers that it brings.
CREATE OR REPLACE TRIGGER _100_number
    BEFORE INSERT ON dsvault.schemas
    FOR EACH ROW WHEN (NEW.version = 1)
    EXECUTE FUNCTION dsvault_private.tg_schemas__number();

CREATE OR REPLACE TRIGGER _210_check
    AFTER INSERT OR UPDATE ON dsvault.schemas
    FOR EACH ROW WHEN (NEW.parent_schema_id IS NOT NULL)
    EXECUTE FUNCTION dsvault_private.tg_schemas__check();

COMMIT;
