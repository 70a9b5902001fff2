-- As an application, on behalf of a user: $1 tenant, $2 user.
SELECT dsvault.enter($1::uuid, $2::uuid) IS NOT NULL AS done
