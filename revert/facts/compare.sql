-- Revert dsvault:facts/compare from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP PROCEDURE IF EXISTS dsvault_facts.must_equal(text, text[], text[]);
DROP PROCEDURE IF EXISTS dsvault_facts.must_contain(text, text[], text[]);
DROP FUNCTION IF EXISTS dsvault_facts.difference(text[], text[]);

COMMIT;
