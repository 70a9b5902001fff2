-- As an administrator: the system roles that users get.
WITH made AS (
    INSERT INTO dsvault.user_roles (user_id, role_id, granted_by)
    SELECT g.user_id, r.id, dsvault.current_user_id()
    FROM unnest($1::uuid[], $2::text[]) AS g (user_id, role)
        JOIN dsvault.roles AS r ON r.name = g.role AND r.is_system_role
    RETURNING user_id
)
SELECT count(*) AS rows FROM made AS m
