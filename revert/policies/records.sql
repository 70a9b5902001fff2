-- Revert dsvault:policies/records from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

REVOKE ALL ON dsvault.records
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer,
        dsvault_finder;

DROP POLICY IF EXISTS records_finder_select ON dsvault.records;
DROP POLICY IF EXISTS records_definer_delete ON dsvault.records;
DROP POLICY IF EXISTS records_definer_select ON dsvault.records;
DROP POLICY IF EXISTS records_app_delete ON dsvault.records;
DROP POLICY IF EXISTS records_app_insert ON dsvault.records;
DROP POLICY IF EXISTS records_app_select ON dsvault.records;
DROP POLICY IF EXISTS tenant_isolation_records_auditor ON dsvault.records;
DROP POLICY IF EXISTS tenant_isolation_records ON dsvault.records;

ALTER TABLE dsvault.records NO FORCE ROW LEVEL SECURITY;
ALTER TABLE dsvault.records DISABLE ROW LEVEL SECURITY;

COMMIT;
