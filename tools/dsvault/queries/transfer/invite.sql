-- As an administrator: users with a role each, unless their addresses are taken already.
-- $1 names, $2 addresses, $3 names of roles.
WITH made AS (
    INSERT INTO dsvault.users (name, email, email_verified)
    SELECT g.name, g.email, true
    FROM unnest($1::text[], $2::text[]) AS g (name, email)
    ON CONFLICT DO NOTHING
    RETURNING id, email
),
granted AS (
    INSERT INTO dsvault.user_roles (user_id, role_id, granted_by)
    SELECT m.id, r.id, dsvault.current_user_id()
    FROM made AS m
        JOIN unnest($2::text[], $3::text[]) AS g (email, role) ON g.email = m.email
        JOIN dsvault.roles AS r ON r.name = g.role AND r.is_system_role
    RETURNING user_id
)
SELECT count(*) AS rows FROM granted AS g
