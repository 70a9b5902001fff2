-- Revert dsvault:schemas/dsvault_facts from pg

BEGIN;

DROP SCHEMA IF EXISTS dsvault_facts;

COMMIT;
