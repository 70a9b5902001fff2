-- Revert dsvault:functions/changes_query from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault_private.changes_query(oid, text, text[], text[], text[]);
DROP FUNCTION IF EXISTS dsvault_private.changed_columns_query(oid, text[]);

COMMIT;
