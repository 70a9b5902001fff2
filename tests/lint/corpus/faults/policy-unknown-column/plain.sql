CREATE TABLE invoices (organisation_id uuid NOT NULL, id bigint NOT NULL, PRIMARY KEY (organisation_id, id));
ALTER TABLE invoices ENABLE ROW LEVEL SECURITY;
ALTER TABLE invoices FORCE ROW LEVEL SECURITY;
CREATE POLICY invoices_all ON invoices TO app_user -- FAULT policy-unknown-column
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid));
