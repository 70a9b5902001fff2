-- The contestants that dsvault_app is compared with, on the same tables.

-- Without row security; the query itself names the tenant.
CREATE ROLE dsvault_bench_bare BYPASSRLS;
GRANT USAGE ON SCHEMA dsvault TO dsvault_bench_bare;
GRANT SELECT ON dsvault.datasets, dsvault.records TO dsvault_bench_bare;

-- Below the least that row security can ask: the tenant of a setting, once for a statement. A user,
-- his permissions and a malformed setting are nothing to it.
CREATE ROLE dsvault_bench_tenant;
GRANT USAGE ON SCHEMA dsvault TO dsvault_bench_tenant;
GRANT SELECT ON dsvault.datasets, dsvault.records TO dsvault_bench_tenant;
CREATE POLICY tenant_alone ON dsvault.datasets FOR SELECT TO dsvault_bench_tenant
    USING (tenant_id = (SELECT current_setting('app.current_tenant_id', true)::uuid));
CREATE POLICY tenant_alone ON dsvault.records FOR SELECT TO dsvault_bench_tenant
    USING (tenant_id = (SELECT current_setting('app.current_tenant_id', true)::uuid));

-- Below the policies that sql/design/03-database-schema.md means to have: those of its section 6.3,
-- without the one of 6.2 that opens the tenant to everybody. Its has_permission is word for word
-- but for the schema of its tables.
CREATE SCHEMA dsvault_bench;
CREATE FUNCTION dsvault_bench.has_permission(
    p_user_id     uuid,
    p_permission  text,
    p_resource_id uuid DEFAULT NULL
)
    RETURNS boolean
    LANGUAGE plpgsql
    STABLE
    SECURITY DEFINER
AS $$
DECLARE
    user_permissions jsonb;
BEGIN
    SELECT jsonb_agg(DISTINCT perm)
    INTO user_permissions
    FROM dsvault.user_roles ur
    JOIN dsvault.roles r ON ur.role_id = r.id
    CROSS JOIN LATERAL jsonb_array_elements_text(r.permissions) AS perm
    WHERE ur.user_id = p_user_id
    AND (ur.expires_at IS NULL OR ur.expires_at > now());

    RETURN user_permissions ? p_permission;
END;
$$;

CREATE ROLE dsvault_bench_intended;
GRANT USAGE ON SCHEMA dsvault, dsvault_bench TO dsvault_bench_intended;
GRANT SELECT ON dsvault.datasets, dsvault.records TO dsvault_bench_intended;

CREATE POLICY intended_read ON dsvault.datasets FOR SELECT TO dsvault_bench_intended
    USING (tenant_id = current_setting('app.current_tenant_id', true)::uuid
        AND (owner_id = current_setting('app.current_user_id', true)::uuid
            OR dsvault_bench.has_permission(
                current_setting('app.current_user_id', true)::uuid, 'dataset:read', id)));
-- The document has none for records; this is how such are written: whoever sees the dataset. The
-- tenant stands before it, for without that a count would ask for the records of all tenants.
CREATE POLICY intended_read ON dsvault.records FOR SELECT TO dsvault_bench_intended
    USING (tenant_id = current_setting('app.current_tenant_id', true)::uuid AND EXISTS (
        SELECT FROM dsvault.datasets AS d
        WHERE d.tenant_id = records.tenant_id AND d.id = records.dataset_id));

-- The dataset by key over and over in one statement: what it costs where no message is waited for.
GRANT USAGE ON SCHEMA dsvault_bench TO dsvault_bench_bare, dsvault_app;
CREATE FUNCTION dsvault_bench.read_again(dataset_id uuid, times integer)
    RETURNS void
    LANGUAGE plpgsql
AS $$
BEGIN
    FOR i IN 1..times LOOP
        PERFORM d.name FROM dsvault.datasets AS d WHERE d.id = dataset_id;
    END LOOP;
END;
$$;
CREATE FUNCTION dsvault_bench.read_again(dataset_id uuid, tenant_id uuid, times integer)
    RETURNS void
    LANGUAGE plpgsql
AS $$
BEGIN
    FOR i IN 1..times LOOP
        PERFORM d.name
        FROM dsvault.datasets AS d
        WHERE d.tenant_id = read_again.tenant_id AND d.id = dataset_id;
    END LOOP;
END;
$$;
