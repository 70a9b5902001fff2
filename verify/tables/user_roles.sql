-- Verify dsvault:tables/user_roles on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.user_roles',
    dsvault_facts.table_of('dsvault.user_roles'), ARRAY[
    'table OWNER dsvault_owner']);

CALL dsvault_facts.must_contain('dsvault.user_roles columns',
    dsvault_facts.columns_of('dsvault.user_roles'), ARRAY[
    'user_id uuid NOT NULL',
    'role_id uuid NOT NULL',
    'tenant_id uuid NOT NULL DEFAULT dsvault.current_tenant_id()',
    'granted_at timestamp with time zone NOT NULL DEFAULT now()',
    'granted_by uuid DEFAULT dsvault.current_user_id()',
    'expires_at timestamp with time zone']);

CALL dsvault_facts.must_contain('dsvault.user_roles constraints',
    dsvault_facts.constraints_of('dsvault.user_roles'), ARRAY[
    'user_roles_granted_by_fk FOREIGN KEY (tenant_id, granted_by) REFERENCES '
    'dsvault.users(tenant_id, id) ON DELETE SET NULL (granted_by)',
    'user_roles_pkey PRIMARY KEY (tenant_id, user_id, role_id)',
    'user_roles_role_fk FOREIGN KEY (tenant_id, role_id) REFERENCES dsvault.roles(tenant_id, '
    'id) ON DELETE CASCADE',
    'user_roles_user_fk FOREIGN KEY (tenant_id, user_id) REFERENCES dsvault.users(tenant_id, '
    'id) ON DELETE CASCADE']);

CALL dsvault_facts.must_contain('dsvault.user_roles indexes',
    dsvault_facts.indexes_of('dsvault.user_roles'), ARRAY[
    'CREATE INDEX idx_user_roles_expires ON dsvault.user_roles USING btree (tenant_id, '
    'expires_at) WHERE (expires_at IS NOT NULL)',
    'CREATE INDEX idx_user_roles_granted_by ON dsvault.user_roles USING btree (tenant_id, '
    'granted_by) WHERE (granted_by IS NOT NULL)',
    'CREATE INDEX idx_user_roles_role ON dsvault.user_roles USING btree (tenant_id, role_id)',
    'CREATE UNIQUE INDEX user_roles_pkey ON dsvault.user_roles USING btree (tenant_id, user_id,'
    ' role_id)']);

CALL dsvault_facts.must_contain('dsvault.user_roles comments',
    dsvault_facts.comments_of('dsvault.user_roles'), ARRAY[
    'column expires_at: Temporary role grants expire automatically',
    'column granted_at: When the role was granted.',
    'column granted_by: User who granted the role, the session''s user if left out; NULL for '
    'provisioning and where the user is gone.',
    'column role_id: Role that the user holds.',
    'column tenant_id: Tenant of the row; the session''s tenant if left out; never changes.',
    'column user_id: User who holds the role.',
    'table: Many-to-many mapping between users and roles']);

ROLLBACK;
