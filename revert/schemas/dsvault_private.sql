-- Revert dsvault:schemas/dsvault_private from pg

BEGIN;

DROP SCHEMA IF EXISTS dsvault_private;

COMMIT;
