CREATE TABLE invoices (tenant_id uuid NOT NULL, id bigint NOT NULL, PRIMARY KEY (tenant_id, id));
ALTER TABLE invoices ENABLE ROW LEVEL SECURITY; -- FAULT rls-no-policy
ALTER TABLE invoices FORCE ROW LEVEL SECURITY;
GRANT SELECT ON invoices TO app_user;
