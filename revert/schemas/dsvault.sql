-- Revert dsvault:schemas/dsvault from pg

BEGIN;

DROP SCHEMA IF EXISTS dsvault;

COMMIT;
