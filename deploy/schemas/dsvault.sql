-- Deploy dsvault:schemas/dsvault to pg
-- requires: roles/dsvault_definer
-- requires: roles/dsvault_recorder
-- requires: roles/dsvault_finder
-- requires: roles/dsvault_app
-- requires: roles/dsvault_reader
-- requires: roles/dsvault_auditor
-- requires: roles/dsvault_operator
--
-- Why:    the vault's tables, views and public functions live in one schema.
-- Locks:  none on tables.
-- Data:   none.
-- Revert: lossless; refuses while the schema holds anything.

BEGIN;

-- The database's owner, not dsvault_owner, may create schemas: create it here and hand it over.
CREATE SCHEMA IF NOT EXISTS dsvault AUTHORIZATION dsvault_owner;

SET LOCAL ROLE dsvault_owner;

COMMENT ON SCHEMA dsvault IS
    'Tables, views and functions of the dataset vault that applications use.';

REVOKE ALL ON SCHEMA dsvault FROM PUBLIC;
GRANT USAGE ON SCHEMA dsvault
    TO dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer,
        dsvault_recorder, dsvault_finder;

COMMIT;
