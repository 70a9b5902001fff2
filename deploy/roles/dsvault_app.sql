-- Deploy dsvault:roles/dsvault_app to pg
-- requires: facts/security
--
-- Why:    applications read and write the vault through one group role.
-- Locks:  none on tables; roles belong to the whole cluster.
-- Data:   none.
-- Revert: drops the role, unless another database of the cluster still uses it (then it says so).

BEGIN;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'dsvault_app') THEN
        CREATE ROLE dsvault_app NOLOGIN;
        COMMENT ON ROLE dsvault_app IS
            'Group of logins that read and write the data of the tenant they name, within the '
            'permissions of the user they name.';
    END IF;
EXCEPTION
    -- Two databases of one cluster may be deployed at the same moment.
    WHEN duplicate_object OR unique_violation THEN NULL;
END;
$$;

COMMIT;
