CREATE TABLE datasets (tenant_id uuid NOT NULL, id uuid NOT NULL UNIQUE, PRIMARY KEY (tenant_id, id));
CREATE TABLE versions (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    dataset_id uuid NOT NULL REFERENCES datasets (id), -- FAULT fk-not-tenant-scoped
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX versions_dataset_idx ON versions (dataset_id);
