-- Verify dsvault:tables/users on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.users',
    dsvault_facts.table_of('dsvault.users'), ARRAY[
    'table OWNER dsvault_owner']);

CALL dsvault_facts.must_contain('dsvault.users columns',
    dsvault_facts.columns_of('dsvault.users'), ARRAY[
    'id uuid NOT NULL DEFAULT gen_random_uuid()',
    'tenant_id uuid NOT NULL DEFAULT dsvault.current_tenant_id()',
    'external_id character varying(255) DEFAULT NULL::character varying',
    'email character varying(255) NOT NULL',
    'email_verified boolean NOT NULL DEFAULT false',
    'name character varying(255) NOT NULL',
    'avatar_url text',
    'status character varying(50) NOT NULL DEFAULT ''active''::character varying',
    'created_at timestamp with time zone NOT NULL DEFAULT now()',
    'updated_at timestamp with time zone NOT NULL DEFAULT now()',
    'last_login_at timestamp with time zone',
    'last_login_ip inet',
    'is_deleted boolean NOT NULL DEFAULT false',
    'deleted_at timestamp with time zone']);

CALL dsvault_facts.must_contain('dsvault.users constraints',
    dsvault_facts.constraints_of('dsvault.users'), ARRAY[
    'users_deletion_check CHECK ((is_deleted = (deleted_at IS NOT NULL)))',
    'users_email_format CHECK (((email)::text ~* '
    '''^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$''::text))',
    'users_email_unique UNIQUE (tenant_id, email)',
    'users_external_id_unique UNIQUE (tenant_id, external_id)',
    'users_pkey PRIMARY KEY (tenant_id, id)',
    'users_status_check CHECK (((status)::text = ANY ((ARRAY[''active''::character varying, '
    '''suspended''::character varying, ''pending_verification''::character varying, '
    '''locked''::character varying])::text[])))',
    'users_tenant_fk FOREIGN KEY (tenant_id) REFERENCES dsvault.tenants(id) ON DELETE CASCADE']);

CALL dsvault_facts.must_contain('dsvault.users indexes',
    dsvault_facts.indexes_of('dsvault.users'), ARRAY[
    'CREATE INDEX idx_users_last_login ON dsvault.users USING btree (tenant_id, last_login_at '
    'DESC NULLS LAST)',
    'CREATE INDEX idx_users_status ON dsvault.users USING btree (tenant_id, status)',
    'CREATE UNIQUE INDEX users_email_unique ON dsvault.users USING btree (tenant_id, email)',
    'CREATE UNIQUE INDEX users_external_id_unique ON dsvault.users USING btree (tenant_id, '
    'external_id)',
    'CREATE UNIQUE INDEX users_pkey ON dsvault.users USING btree (tenant_id, id)']);

CALL dsvault_facts.must_contain('dsvault.users comments',
    dsvault_facts.comments_of('dsvault.users'), ARRAY[
    'column avatar_url: Address of a picture; NULL if there is none.',
    'column created_at: When the row was made.',
    'column deleted_at: When the user was soft-deleted; NULL while he lives.',
    'column email: E-mail address, unique within the tenant.',
    'column email_verified: True once the user has proved to receive mail at the address.',
    'column external_id: External identity provider ID (e.g., Auth0, Okta)',
    'column id: Identifies the user within the tenant.',
    'column is_deleted: True for a soft-deleted user, who can do nothing.',
    'column last_login_at: When the user last logged in; NULL if never.',
    'column last_login_ip: Where the user last logged in from; NULL if never or unknown.',
    'column name: Name for people.',
    'column status: User account status: active, suspended, pending_verification, locked',
    'column tenant_id: Tenant of the row; the session''s tenant if left out; never changes.',
    'column updated_at: When the row last changed.',
    'table: User accounts with SSO support']);

ROLLBACK;
