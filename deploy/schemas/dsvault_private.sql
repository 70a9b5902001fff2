-- Deploy dsvault:schemas/dsvault_private to pg
-- requires: roles/dsvault_definer
-- requires: roles/dsvault_recorder
--
-- Why:    trigger functions and helpers are no part of the interface.
-- Locks:  none on tables.
-- Data:   none.
-- Revert: lossless; refuses while the schema holds anything.

BEGIN;

-- The database's owner, not dsvault_owner, may create schemas: create it here and hand it over.
CREATE SCHEMA IF NOT EXISTS dsvault_private AUTHORIZATION dsvault_owner;

SET LOCAL ROLE dsvault_owner;

COMMENT ON SCHEMA dsvault_private IS
    'Trigger functions and helpers of the dataset vault; applications have no access.';

REVOKE ALL ON SCHEMA dsvault_private FROM PUBLIC;
GRANT USAGE ON SCHEMA dsvault_private TO dsvault_definer, dsvault_recorder;

COMMIT;
