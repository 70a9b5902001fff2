-- What tokens keep for good, for whoever has the values already: $1 ids. What expires is left out.
SELECT t.id, t.encrypted_value
FROM dsvault.tokens AS t
WHERE t.tenant_id = dsvault.current_tenant_id() AND t.id = ANY ($1::uuid[])
    AND t.expires_at IS NULL
