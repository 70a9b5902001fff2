-- Revert dsvault:facts/statistics from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault_facts.statistics_of(regclass);

COMMIT;
