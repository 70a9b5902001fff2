-- Revert dsvault:triggers/guard_records from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

DO $$
BEGIN
    FOR i IN 0..15 LOOP
        EXECUTE pg_catalog.format('DROP TRIGGER IF EXISTS _200_refuse_by_name ON dsvault.%I',
            'records_p' || i);
    END LOOP;
END;
$$;

DROP TRIGGER IF EXISTS _200_frozen_delete ON dsvault.records;
DROP TRIGGER IF EXISTS _200_frozen_update ON dsvault.records;
DROP TRIGGER IF EXISTS _200_frozen_insert ON dsvault.records;

COMMIT;
