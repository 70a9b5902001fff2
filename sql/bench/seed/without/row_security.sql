-- What row security costs.
ALTER TABLE dsvault.records DISABLE ROW LEVEL SECURITY;
