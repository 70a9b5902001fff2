CREATE TABLE datasets (tenant_id uuid NOT NULL, id uuid NOT NULL, name text NOT NULL,
    PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, name));
CREATE TABLE versions (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    dataset_id uuid NOT NULL,
    author_id uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, dataset_id) REFERENCES datasets (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX versions_dataset_idx ON versions (tenant_id, dataset_id, id);
