-- Revert dsvault:privileges/database from pg

BEGIN;

SET LOCAL lock_timeout = '2s';

DO $$
DECLARE
    v_privilege text;
    v_object    text;
BEGIN
    FOR v_object, v_privilege IN
        SELECT b.object, b.privilege FROM dsvault_private.public_privileges_before AS b
    LOOP
        IF v_object = 'database' THEN
            EXECUTE pg_catalog.format(
                'GRANT %s ON DATABASE %I TO PUBLIC', v_privilege, pg_catalog.current_database());
        ELSE
            EXECUTE pg_catalog.format('GRANT %s ON SCHEMA public TO PUBLIC', v_privilege);
        END IF;
    END LOOP;
END;
$$;

DROP TABLE IF EXISTS dsvault_private.public_privileges_before;

COMMIT;
