-- Revert dsvault:roles/dsvault_owner from pg

BEGIN;

DO $$
BEGIN
    DROP ROLE IF EXISTS dsvault_owner;
EXCEPTION
    WHEN dependent_objects_still_exist THEN
        RAISE NOTICE 'role dsvault_owner stays: another database of this cluster uses it'
            USING HINT = 'Revert dsvault there too; the last revert drops the role.';
END;
$$;

COMMIT;
