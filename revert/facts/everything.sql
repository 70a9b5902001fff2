-- Revert dsvault:facts/everything from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault_facts.everything();
DROP FUNCTION IF EXISTS dsvault_facts.everything_of(regclass);
DROP FUNCTION IF EXISTS dsvault_facts.partition_of(regclass);

COMMIT;
