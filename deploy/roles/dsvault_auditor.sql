-- Deploy dsvault:roles/dsvault_auditor to pg
-- requires: facts/security
--
-- Why:    auditors see what was done without seeing what is stored.
-- Locks:  none on tables; roles belong to the whole cluster.
-- Data:   none.
-- Revert: drops the role, unless another database of the cluster still uses it (then it says so).

BEGIN;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'dsvault_auditor') THEN
        CREATE ROLE dsvault_auditor NOLOGIN;
        COMMENT ON ROLE dsvault_auditor IS
            'Group of logins that read the audit trail and the metadata of the tenant they '
            'name, never records, tokens or keys.';
    END IF;
EXCEPTION
    -- Two databases of one cluster may be deployed at the same moment.
    WHEN duplicate_object OR unique_violation THEN NULL;
END;
$$;

COMMIT;
