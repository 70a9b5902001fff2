-- As a superuser: a user of a tenant, who holds just the permissions of a role of his own.
WITH the_user AS (
    INSERT INTO dsvault.users (tenant_id, email, name)
    VALUES (%(tenant_id)s, %(email)s, 'User')
    RETURNING tenant_id, id
), the_role AS (
    INSERT INTO dsvault.roles (tenant_id, name, permissions)
    VALUES (%(tenant_id)s, %(email)s, to_jsonb(%(permissions)s::text[]))
    RETURNING id
)
INSERT INTO dsvault.user_roles (tenant_id, user_id, role_id)
SELECT u.tenant_id, u.id, r.id
FROM the_user AS u CROSS JOIN the_role AS r
RETURNING user_id
