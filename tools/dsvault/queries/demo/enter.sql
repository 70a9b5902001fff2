-- The rest of the transaction acts as this user of this tenant.
SELECT true AS done FROM dsvault.enter($1::uuid, $2::uuid)
