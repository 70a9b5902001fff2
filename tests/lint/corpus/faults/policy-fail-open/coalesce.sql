CREATE TABLE invoices (tenant_id text NOT NULL, id bigint NOT NULL, PRIMARY KEY (tenant_id, id));
ALTER TABLE invoices ENABLE ROW LEVEL SECURITY;
ALTER TABLE invoices FORCE ROW LEVEL SECURITY;
CREATE POLICY invoices_all ON invoices TO app_user
    USING (tenant_id = coalesce((SELECT current_setting('app.tenant', true)), tenant_id)); -- FAULT policy-fail-open
