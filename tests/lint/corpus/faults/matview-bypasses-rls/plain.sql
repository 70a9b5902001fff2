CREATE TABLE invoices (tenant_id uuid NOT NULL, id bigint NOT NULL, PRIMARY KEY (tenant_id, id));
ALTER TABLE invoices ENABLE ROW LEVEL SECURITY;
ALTER TABLE invoices FORCE ROW LEVEL SECURITY;
CREATE POLICY invoices_all ON invoices TO app_user
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid));
CREATE MATERIALIZED VIEW invoice_counts AS -- FAULT matview-bypasses-rls
SELECT tenant_id, count(*) AS invoices FROM invoices GROUP BY tenant_id;
GRANT SELECT ON invoice_counts TO app_user;
