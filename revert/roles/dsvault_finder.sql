-- Revert dsvault:roles/dsvault_finder from pg

BEGIN;

DO $$
BEGIN
    DROP ROLE IF EXISTS dsvault_finder;
EXCEPTION
    WHEN dependent_objects_still_exist THEN
        RAISE NOTICE 'role dsvault_finder stays: another database of this cluster uses it'
            USING HINT = 'Revert dsvault there too; the last revert drops the role.';
END;
$$;

COMMIT;
