-- Revert dsvault:roles/dsvault_app from pg

BEGIN;

DO $$
BEGIN
    DROP ROLE IF EXISTS dsvault_app;
EXCEPTION
    WHEN dependent_objects_still_exist THEN
        RAISE NOTICE 'role dsvault_app stays: another database of this cluster uses it'
            USING HINT = 'Revert dsvault there too; the last revert drops the role.';
END;
$$;

COMMIT;
