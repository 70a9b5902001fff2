CREATE TABLE invoices (tenant_id uuid NOT NULL, id bigint NOT NULL, total numeric NOT NULL,
    PRIMARY KEY (tenant_id, id));
ALTER TABLE invoices ENABLE ROW LEVEL SECURITY;
ALTER TABLE invoices FORCE ROW LEVEL SECURITY;
CREATE POLICY invoices_floor ON invoices AS RESTRICTIVE FOR ALL TO app_user
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid));
CREATE POLICY invoices_select ON invoices FOR SELECT TO app_user
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid));
CREATE POLICY invoices_insert ON invoices FOR INSERT TO app_user
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid));
GRANT SELECT, INSERT ON invoices TO app_user;
CREATE VIEW invoice_list WITH (security_invoker = true) AS SELECT tenant_id, id FROM invoices;
GRANT SELECT ON invoice_list TO app_user;
