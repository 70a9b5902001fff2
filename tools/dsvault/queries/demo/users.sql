-- As an administrator: users, under ids of our choice.
WITH made AS (
    INSERT INTO dsvault.users (id, name, email, email_verified)
    SELECT g.id, g.name, g.email, true
    FROM unnest($1::uuid[], $2::text[], $3::text[]) AS g (id, name, email)
    RETURNING id
)
SELECT count(*) AS rows FROM made AS m
