-- What it costs that each row asks for the session's tenant, which is the column's default.
DO $$
BEGIN
    EXECUTE pg_catalog.format('ALTER TABLE dsvault.records ALTER tenant_id SET DEFAULT %L',
        pg_catalog.current_setting('app.current_tenant_id'));
END;
$$;
