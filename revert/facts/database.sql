-- Revert dsvault:facts/database from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault_facts.defaults_of_owners();
DROP FUNCTION IF EXISTS dsvault_facts.creators_in_database();

COMMIT;
