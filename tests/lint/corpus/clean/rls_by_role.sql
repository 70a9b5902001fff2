CREATE TABLE invoices (tenant_id uuid NOT NULL, id bigint NOT NULL, PRIMARY KEY (tenant_id, id));
ALTER TABLE invoices ENABLE ROW LEVEL SECURITY;
ALTER TABLE invoices FORCE ROW LEVEL SECURITY;
CREATE POLICY invoices_app ON invoices FOR SELECT TO app_user
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid));
CREATE POLICY invoices_auditor ON invoices FOR SELECT TO auditor
    USING (tenant_id = (SELECT nullif(current_setting('app.audited_tenant', true), '')::uuid));
GRANT SELECT ON invoices TO app_user, auditor;
