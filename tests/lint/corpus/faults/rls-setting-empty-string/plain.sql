CREATE TABLE invoices (tenant_id uuid NOT NULL, id bigint NOT NULL, PRIMARY KEY (tenant_id, id));
ALTER TABLE invoices ENABLE ROW LEVEL SECURITY;
ALTER TABLE invoices FORCE ROW LEVEL SECURITY;
CREATE POLICY invoices_all ON invoices TO app_user
    USING (tenant_id = (SELECT current_setting('app.tenant', true)::uuid)); -- FAULT rls-setting-empty-string
