-- What the foreign key of records costs: a look-up and a lock for each row.
ALTER TABLE dsvault.records DROP CONSTRAINT records_version_fk;
