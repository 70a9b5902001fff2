-- As an application: the rest of the transaction is done in a user's name; $1 tenant, $2 user.
SELECT dsvault.enter($1::uuid, $2::uuid) IS NULL AS done
