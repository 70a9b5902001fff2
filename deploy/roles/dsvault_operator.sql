-- Deploy dsvault:roles/dsvault_operator to pg
-- requires: facts/security
--
-- Why:    provisioning and maintenance need no access to what tenants store.
-- Locks:  none on tables; roles belong to the whole cluster.
-- Data:   none.
-- Revert: drops the role, unless another database of the cluster still uses it (then it says so).

BEGIN;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'dsvault_operator') THEN
        CREATE ROLE dsvault_operator NOLOGIN;
        COMMENT ON ROLE dsvault_operator IS
            'Group of logins that provision tenants and run maintenance through functions, '
            'never reading records or tokens.';
    END IF;
EXCEPTION
    -- Two databases of one cluster may be deployed at the same moment.
    WHEN duplicate_object OR unique_violation THEN NULL;
END;
$$;

COMMIT;
