-- Deploy dsvault:roles/dsvault_owner to pg
--
-- Why:    everything in the vault has one owner that nobody can log in as.
-- Locks:  none on tables; roles belong to the whole cluster.
-- Data:   none.
-- Revert: drops the role, unless another database of the cluster still uses it (then it says so).

BEGIN;

-- A grant that is there already would say so.
SET LOCAL client_min_messages = warning;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'dsvault_owner') THEN
        CREATE ROLE dsvault_owner NOLOGIN NOINHERIT;
        COMMENT ON ROLE dsvault_owner IS
            'Owns the schemas, tables and invoker functions of dsvault; deploy scripts act as '
            'it; nobody logs in as it.';
    END IF;
EXCEPTION
    -- Two databases of one cluster may be deployed at the same moment.
    WHEN duplicate_object OR unique_violation THEN NULL;
END;
$$;

-- The deployer acts as the owner. Since PostgreSQL 16 whoever creates a role may administer it but
-- not act as it before he has granted himself that; a superuser needs no grant.
DO $$
BEGIN
    IF NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) THEN
        GRANT dsvault_owner TO CURRENT_USER;
    END IF;
END;
$$;

COMMIT;
