-- Deploy dsvault:roles/dsvault_finder to pg
-- requires: roles/dsvault_owner
-- requires: facts/security
--
-- Why:    an index inside of jsonb is of no use below row security, since none of its operators is
--         leakproof; one role searches by it, above tenants, and sees little else.
-- Locks:  none on tables; roles belong to the whole cluster.
-- Data:   none.
-- Revert: drops the role, unless another database of the cluster still uses it (then it says so).

BEGIN;

-- A grant that is there already would say so.
SET LOCAL client_min_messages = warning;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'dsvault_finder') THEN
        CREATE ROLE dsvault_finder NOLOGIN;
        COMMENT ON ROLE dsvault_finder IS
            'Owns the function that finds records by their tokens; sees ids and annotations of '
            'records and nothing else of dsvault.';
    END IF;
EXCEPTION
    -- Two databases of one cluster may be deployed at the same moment.
    WHEN duplicate_object OR unique_violation THEN NULL;
END;
$$;

-- The owner hands functions over to the finder; it is NOINHERIT and holds nothing of its rights.
GRANT dsvault_finder TO dsvault_owner;

COMMIT;
