-- Deploy dsvault:privileges/defaults to pg
-- requires: roles/dsvault_definer
-- requires: roles/dsvault_recorder
-- requires: roles/dsvault_finder
-- requires: facts/database
--
-- Why:    what a later change creates is closed until it is opened: PostgreSQL lets PUBLIC execute
--         every new function and use every new type.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC;

-- The right to alter a role's defaults comes with acting as it; a deployer acts as the others by
-- way of the owner only.
SET LOCAL ROLE dsvault_definer;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC;

SET LOCAL ROLE dsvault_recorder;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC;

SET LOCAL ROLE dsvault_finder;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC;

COMMIT;
