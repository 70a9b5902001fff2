-- Revert dsvault:roles/dsvault_recorder from pg

BEGIN;

DO $$
BEGIN
    DROP ROLE IF EXISTS dsvault_recorder;
EXCEPTION
    WHEN dependent_objects_still_exist THEN
        RAISE NOTICE 'role dsvault_recorder stays: another database of this cluster uses it'
            USING HINT = 'Revert dsvault there too; the last revert drops the role.';
END;
$$;

COMMIT;
