-- What the insert of records is compared with: the same columns in a table that promises nothing.
CREATE SCHEMA bench;
CREATE TABLE bench.records (
    id              uuid,
    tenant_id       uuid,
    dataset_id      uuid,
    version_id      uuid,
    content_hash    varchar(64),
    encrypted_data  bytea,
    pii_annotations jsonb,
    created_at      timestamptz DEFAULT now()
);
