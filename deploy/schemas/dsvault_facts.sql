-- Deploy dsvault:schemas/dsvault_facts to pg
-- requires: roles/dsvault_owner
--
-- Why:    verify scripts compare the catalog, told as text, with what each change promises.
-- Locks:  none on tables.
-- Data:   none.
-- Revert: lossless; refuses while the schema holds anything.

BEGIN;

-- The database's owner, not dsvault_owner, may create schemas: create it here and hand it over.
CREATE SCHEMA IF NOT EXISTS dsvault_facts AUTHORIZATION dsvault_owner;

SET LOCAL ROLE dsvault_owner;

COMMENT ON SCHEMA dsvault_facts IS
    'The verify kit: catalog facts as lines of text, and procedures that compare them.';

REVOKE ALL ON SCHEMA dsvault_facts FROM PUBLIC;
-- Nobody but the owner, whom deployers act as: no grant.

COMMIT;
