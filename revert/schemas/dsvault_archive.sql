-- Revert dsvault:schemas/dsvault_archive from pg

BEGIN;

DROP SCHEMA IF EXISTS dsvault_archive;

COMMIT;
