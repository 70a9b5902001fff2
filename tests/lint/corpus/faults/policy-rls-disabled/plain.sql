CREATE TABLE invoices (tenant_id uuid NOT NULL, id bigint NOT NULL, PRIMARY KEY (tenant_id, id));
CREATE POLICY invoices_all ON invoices TO app_user -- FAULT policy-rls-disabled
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid));
