-- Verify dsvault:seed/system_tenant on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL row_security = on;

-- CALL takes no subquery, hence the variable.
DO $$
DECLARE
    v_actual text[] := ARRAY(
        SELECT pg_catalog.concat_ws(' ', t.id, t.name, t.slug, t.settings, t.is_deleted,
            t.storage_quota_bytes)
        FROM dsvault.tenants AS t);
BEGIN
    CALL dsvault_facts.must_equal('the system tenant', v_actual,
        ARRAY['00000000-0000-0000-0000-000000000000 System system {"is_system": true} f']);
END;
$$;

ROLLBACK;
