-- Deploy dsvault:policies/datasets to pg
-- requires: tables/datasets
-- requires: functions/tenant_for
--
-- Why:    datasets are seen and changed within their tenant, by permission or by their owner, until
--         they are deleted.
-- Locks:  ACCESS EXCLUSIVE on dsvault.datasets, catalog change only, no scan.
-- Data:   none.
-- Revert: lossless; the table is then open to its owner only.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';
-- DROP POLICY IF EXISTS would say so for every policy that is not there yet.
SET LOCAL client_min_messages = warning;

ALTER TABLE dsvault.datasets ENABLE ROW LEVEL SECURITY;
ALTER TABLE dsvault.datasets FORCE ROW LEVEL SECURITY;

-- What is deleted is hidden, from the next transaction on: PostgreSQL holds the row that an UPDATE
-- makes to the policies for reading, so no row could be marked deleted if that hid it at once.
-- The time of the mark is that of its transaction (trigger soft_delete_datasets).

-- The floor below every policy. USING restates dataset_read_policy to the letter: PostgreSQL then
-- asks both at once, where two that differ put a filter between every row and the query.
DROP POLICY IF EXISTS tenant_isolation_datasets ON dsvault.datasets;
CREATE POLICY tenant_isolation_datasets ON dsvault.datasets AS RESTRICTIVE FOR ALL
    TO dsvault_app, dsvault_reader
    USING (tenant_id = (SELECT dsvault.tenant_for('tenant:member'))
        AND ((SELECT dsvault.tenant_for('dataset:read')) IS NOT NULL
            OR owner_id = (SELECT dsvault.current_user_id()))
        AND (deleted_at IS NULL OR deleted_at >= (SELECT now())))
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenant_isolation_datasets ON dsvault.datasets IS
    'No row of another tenant, nor one that may not be read, whatever the other policies say.';

DROP POLICY IF EXISTS tenant_isolation_datasets_auditor ON dsvault.datasets;
CREATE POLICY tenant_isolation_datasets_auditor ON dsvault.datasets AS RESTRICTIVE FOR ALL
    TO dsvault_auditor
    USING (tenant_id = (SELECT dsvault.current_tenant_id()))
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY tenant_isolation_datasets_auditor ON dsvault.datasets IS
    'No row of another tenant, whatever the other policies say.';

DROP POLICY IF EXISTS dataset_read_policy ON dsvault.datasets;
CREATE POLICY dataset_read_policy ON dsvault.datasets FOR SELECT
    TO dsvault_app, dsvault_reader
    USING (tenant_id = (SELECT dsvault.tenant_for('tenant:member'))
        AND ((SELECT dsvault.tenant_for('dataset:read')) IS NOT NULL
            OR owner_id = (SELECT dsvault.current_user_id()))
        AND (deleted_at IS NULL OR deleted_at >= (SELECT now())));
COMMENT ON POLICY dataset_read_policy ON dsvault.datasets IS
    'dataset:read sees the datasets of the tenant, their owner his own, until they are deleted.';

DROP POLICY IF EXISTS datasets_app_insert ON dsvault.datasets;
CREATE POLICY datasets_app_insert ON dsvault.datasets FOR INSERT
    TO dsvault_app
    WITH CHECK (tenant_id = (SELECT dsvault.tenant_for('dataset:create')));
COMMENT ON POLICY datasets_app_insert ON dsvault.datasets IS
    'dataset:create makes datasets of the tenant.';

DROP POLICY IF EXISTS dataset_write_policy ON dsvault.datasets;
CREATE POLICY dataset_write_policy ON dsvault.datasets FOR UPDATE
    TO dsvault_app
    USING (tenant_id = (SELECT dsvault.tenant_for('tenant:member'))
        AND ((SELECT dsvault.tenant_for('dataset:update')) IS NOT NULL
            OR owner_id = (SELECT dsvault.current_user_id()))
        AND (deleted_at IS NULL OR deleted_at >= (SELECT now())))
    WITH CHECK (tenant_id = (SELECT dsvault.tenant_for('tenant:member'))
        AND ((SELECT dsvault.tenant_for('dataset:update')) IS NOT NULL
            OR owner_id = (SELECT dsvault.current_user_id())));
COMMENT ON POLICY dataset_write_policy ON dsvault.datasets IS
    'dataset:update changes them, and marks them deleted with dataset:delete; so does their owner.';

DROP POLICY IF EXISTS dataset_delete_policy ON dsvault.datasets;
CREATE POLICY dataset_delete_policy ON dsvault.datasets FOR DELETE
    TO dsvault_app
    USING (tenant_id = (SELECT dsvault.tenant_for('tenant:member'))
        AND ((SELECT dsvault.tenant_for('dataset:delete')) IS NOT NULL
            OR owner_id = (SELECT dsvault.current_user_id()))
        AND (deleted_at IS NULL OR deleted_at >= (SELECT now())));
COMMENT ON POLICY dataset_delete_policy ON dsvault.datasets IS
    'dataset:delete removes them; so does their owner.';

DROP POLICY IF EXISTS datasets_auditor_select ON dsvault.datasets;
CREATE POLICY datasets_auditor_select ON dsvault.datasets FOR SELECT
    TO dsvault_auditor
    USING (tenant_id = (SELECT dsvault.tenant_for('audit:read')));
COMMENT ON POLICY datasets_auditor_select ON dsvault.datasets IS
    'audit:read sees which datasets there are.';

DROP POLICY IF EXISTS datasets_definer_select ON dsvault.datasets;
CREATE POLICY datasets_definer_select ON dsvault.datasets FOR SELECT
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY datasets_definer_select ON dsvault.datasets IS
    'Definer functions see the datasets of the tenant they work for.';

DROP POLICY IF EXISTS datasets_definer_delete ON dsvault.datasets;
CREATE POLICY datasets_definer_delete ON dsvault.datasets FOR DELETE
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY datasets_definer_delete ON dsvault.datasets IS
    'Erasure removes datasets of the tenant it works for.';

DROP POLICY IF EXISTS datasets_definer_update ON dsvault.datasets;
CREATE POLICY datasets_definer_update ON dsvault.datasets FOR UPDATE
    TO dsvault_definer
    USING (tenant_id = (SELECT dsvault.current_tenant_id()))
    WITH CHECK (tenant_id = (SELECT dsvault.current_tenant_id()));
COMMENT ON POLICY datasets_definer_update ON dsvault.datasets IS
    'Restoring brings datasets of the tenant back.';

REVOKE ALL ON dsvault.datasets
    FROM PUBLIC, dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;
GRANT SELECT ON dsvault.datasets TO dsvault_app, dsvault_reader, dsvault_auditor;
GRANT INSERT (id, name, description, schema_id, owner_id, encryption_key_id, retention_policy,
    metadata, tags)
    ON dsvault.datasets TO dsvault_app;
GRANT UPDATE (name, description, schema_id, owner_id, encryption_key_id, retention_policy,
    metadata, tags, deleted_at)
    ON dsvault.datasets TO dsvault_app;
GRANT DELETE ON dsvault.datasets TO dsvault_app;
GRANT SELECT, DELETE ON dsvault.datasets TO dsvault_definer;
GRANT UPDATE (name, deleted_at) ON dsvault.datasets TO dsvault_definer;
-- dsvault_operator: no access.

COMMIT;
