CREATE TABLE invoices ( -- FAULT rls-missing
    tenant_id uuid NOT NULL,
    id bigint NOT NULL,
    total numeric NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
GRANT SELECT, INSERT ON invoices TO app_user;
