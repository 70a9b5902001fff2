-- Deploy dsvault:schemas/dsvault_archive to pg
-- requires: roles/dsvault_owner
-- requires: facts/security
--
-- Why:    months that left the audit trail wait apart until they are dropped.
-- Locks:  none on tables.
-- Data:   none.
-- Revert: lossless; refuses while a month waits there.

BEGIN;

-- The database's owner, not dsvault_owner, may create schemas: create it here and hand it over.
CREATE SCHEMA IF NOT EXISTS dsvault_archive AUTHORIZATION dsvault_owner;

SET LOCAL ROLE dsvault_owner;

COMMENT ON SCHEMA dsvault_archive IS
    'Months of the audit trail that were archived into files and are not dropped yet; nobody has '
    'access.';

REVOKE ALL ON SCHEMA dsvault_archive FROM PUBLIC;

COMMIT;
