-- Revert dsvault:facts/relations from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault_facts.partitions_of(regclass);
DROP FUNCTION IF EXISTS dsvault_facts.triggers_of(regclass);
DROP FUNCTION IF EXISTS dsvault_facts.indexes_of(regclass);
DROP FUNCTION IF EXISTS dsvault_facts.constraints_of(regclass);
DROP FUNCTION IF EXISTS dsvault_facts.columns_of(regclass);
DROP FUNCTION IF EXISTS dsvault_facts.table_of(regclass);

COMMIT;
