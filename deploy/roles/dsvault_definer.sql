-- Deploy dsvault:roles/dsvault_definer to pg
-- requires: roles/dsvault_owner
-- requires: facts/security
--
-- Why:    functions that must see more than their caller act as a role that sees little more.
-- Locks:  none on tables; roles belong to the whole cluster.
-- Data:   none.
-- Revert: drops the role, unless another database of the cluster still uses it (then it says so).

BEGIN;

-- A grant that is there already would say so.
SET LOCAL client_min_messages = warning;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'dsvault_definer') THEN
        CREATE ROLE dsvault_definer NOLOGIN;
        COMMENT ON ROLE dsvault_definer IS
            'Owns the SECURITY DEFINER functions of dsvault; stays below row-level security '
            'with narrow policies of its own.';
    END IF;
EXCEPTION
    -- Two databases of one cluster may be deployed at the same moment.
    WHEN duplicate_object OR unique_violation THEN NULL;
END;
$$;

-- The owner hands functions over to the definer. It is NOINHERIT: it can act as the definer but
-- does not hold the definer's policies while it acts as itself.
GRANT dsvault_definer TO dsvault_owner;

COMMIT;
