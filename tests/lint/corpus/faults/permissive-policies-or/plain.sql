CREATE TABLE invoices (tenant_id uuid NOT NULL, id bigint NOT NULL, is_public boolean NOT NULL,
    PRIMARY KEY (tenant_id, id));
ALTER TABLE invoices ENABLE ROW LEVEL SECURITY;
ALTER TABLE invoices FORCE ROW LEVEL SECURITY;
CREATE POLICY invoices_tenant ON invoices FOR ALL TO app_user
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid));
CREATE POLICY invoices_permission ON invoices FOR SELECT TO app_user -- FAULT permissive-policies-or
    USING (has_permission('invoice:read'));
