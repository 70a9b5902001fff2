-- Deploy dsvault:roles/dsvault_recorder to pg
-- requires: roles/dsvault_owner
-- requires: facts/security
--
-- Why:    one role writes and seals the audit trail, so that no other function of the vault can.
-- Locks:  none on tables; roles belong to the whole cluster.
-- Data:   none.
-- Revert: drops the role, unless another database of the cluster still uses it (then it says so).

BEGIN;

-- A grant that is there already would say so.
SET LOCAL client_min_messages = warning;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'dsvault_recorder') THEN
        CREATE ROLE dsvault_recorder NOLOGIN;
        COMMENT ON ROLE dsvault_recorder IS
            'Owns the functions that write and seal the audit trail; sees nothing else of '
            'dsvault.';
    END IF;
EXCEPTION
    -- Two databases of one cluster may be deployed at the same moment.
    WHEN duplicate_object OR unique_violation THEN NULL;
END;
$$;

-- The owner hands functions over to the recorder; it is NOINHERIT and holds nothing of its rights.
GRANT dsvault_recorder TO dsvault_owner;

COMMIT;
