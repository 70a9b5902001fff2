-- What the primary key and the four other indexes of records cost.
DROP INDEX dsvault.idx_records_version, dsvault.idx_records_content_hash,
    dsvault.idx_records_created_at, dsvault.idx_records_pii;
ALTER TABLE dsvault.records DROP CONSTRAINT records_pkey;
