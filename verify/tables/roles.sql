-- Verify dsvault:tables/roles on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.roles',
    dsvault_facts.table_of('dsvault.roles'), ARRAY[
    'table OWNER dsvault_owner']);

CALL dsvault_facts.must_contain('dsvault.roles columns',
    dsvault_facts.columns_of('dsvault.roles'), ARRAY[
    'id uuid NOT NULL DEFAULT gen_random_uuid()',
    'tenant_id uuid NOT NULL DEFAULT dsvault.current_tenant_id()',
    'name character varying(100) NOT NULL',
    'description text',
    'permissions jsonb NOT NULL DEFAULT ''[]''::jsonb',
    'is_system_role boolean NOT NULL DEFAULT false',
    'created_at timestamp with time zone NOT NULL DEFAULT now()',
    'updated_at timestamp with time zone NOT NULL DEFAULT now()',
    'created_by uuid']);

CALL dsvault_facts.must_contain('dsvault.roles constraints',
    dsvault_facts.constraints_of('dsvault.roles'), ARRAY[
    'roles_created_by_fk FOREIGN KEY (tenant_id, created_by) REFERENCES '
    'dsvault.users(tenant_id, id) ON DELETE SET NULL (created_by)',
    'roles_name_unique UNIQUE (tenant_id, name)',
    'roles_permissions_is_array CHECK ((jsonb_typeof(permissions) = ''array''::text))',
    'roles_permissions_known CHECK ((permissions <@ dsvault.permission_catalogue()))',
    'roles_pkey PRIMARY KEY (tenant_id, id)',
    'roles_tenant_fk FOREIGN KEY (tenant_id) REFERENCES dsvault.tenants(id) ON DELETE CASCADE']);

CALL dsvault_facts.must_contain('dsvault.roles indexes',
    dsvault_facts.indexes_of('dsvault.roles'), ARRAY[
    'CREATE INDEX idx_roles_created_by ON dsvault.roles USING btree (tenant_id, created_by) '
    'WHERE (created_by IS NOT NULL)',
    'CREATE INDEX idx_roles_custom ON dsvault.roles USING btree (tenant_id, name) WHERE (NOT '
    'is_system_role)',
    'CREATE INDEX idx_roles_permissions ON dsvault.roles USING gin (permissions)',
    'CREATE INDEX idx_roles_system ON dsvault.roles USING btree (tenant_id, is_system_role)',
    'CREATE UNIQUE INDEX roles_name_unique ON dsvault.roles USING btree (tenant_id, name)',
    'CREATE UNIQUE INDEX roles_pkey ON dsvault.roles USING btree (tenant_id, id)']);

CALL dsvault_facts.must_contain('dsvault.roles comments',
    dsvault_facts.comments_of('dsvault.roles'), ARRAY[
    'column created_at: When the row was made.',
    'column created_by: User who made the role; NULL for system roles and where the user is '
    'gone.',
    'column description: What the role is for; NULL if nobody said.',
    'column id: Identifies the role within the tenant.',
    'column is_system_role: System roles (admin, viewer) cannot be deleted',
    'column name: Name of the role, unique within the tenant.',
    'column permissions: Array of permission strings, e.g., ["dataset:read", "dataset:update"]',
    'column tenant_id: Tenant of the row; the session''s tenant if left out; never changes.',
    'column updated_at: When the row last changed.',
    'index dsvault.idx_roles_permissions: Serves searches for a permission across roles by '
    'functions that add the tenant themselves.',
    'table: Role definitions with JSONB-stored permissions']);

ROLLBACK;
