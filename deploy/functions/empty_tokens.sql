-- Deploy dsvault:functions/empty_tokens to pg
-- requires: policies/tokens
-- requires: schemas/dsvault_private
--
-- Why:    forgetting and anonymizing empty tokens in the same way.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault_private TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- tok_<type>_, then 26 signs of base 32 that are the id, and 4 of a checksum, which is not asked:
-- whatever else stands there leads to no row.
CREATE OR REPLACE FUNCTION dsvault_private.token_id(token text)
    RETURNS uuid
    LANGUAGE plpgsql
    IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_signs text := substring(
        token FROM '^tok_[a-z_]+_([0-9A-HJKMNP-TV-Z]{26})[0-9A-HJKMNP-TV-Z]{4}$');
    v_bits  text := '';
BEGIN
    IF v_signs IS NULL THEN
        RETURN NULL;
    END IF;
    FOR i IN 1..26 LOOP
        v_bits := v_bits || (strpos('0123456789ABCDEFGHJKMNPQRSTVWXYZ', substr(v_signs, i, 1)) - 1)
            ::bit(5)::text;
    END LOOP;
    -- 130 bits, of which the first two are no part of the id.
    RETURN (
        SELECT string_agg(
            lpad(to_hex(substr(v_bits, 3 + 32 * p.part, 32)::bit(32)::bigint), 8, '0'), ''
            ORDER BY p.part)
        FROM generate_series(0, 3) AS p (part))::uuid;
END;
$$;

-- "DSV", version 1, suite 0 and the key: a header alone. The hash becomes one of nothing. The row
-- stays, so that the token in a dataset still leads somewhere: to nothing.
CREATE OR REPLACE FUNCTION dsvault_private.empty_tokens(tenant_id uuid, token_ids uuid[])
    RETURNS bigint
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_count bigint;
BEGIN
    UPDATE dsvault.tokens AS t
    SET encrypted_value = '\x4453560100'::bytea || substring(t.encrypted_value FROM 6 FOR 16),
        token_hash = encode(sha256(convert_to(
            concat(gen_random_uuid(), gen_random_uuid()), 'UTF8')), 'hex'),
        expires_at = statement_timestamp()
    WHERE t.tenant_id = empty_tokens.tenant_id AND t.id = ANY (empty_tokens.token_ids)
        AND NOT (substring(t.encrypted_value FROM 5 FOR 1) = '\x00'
            AND coalesce(t.expires_at <= statement_timestamp(), false));
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END;
$$;

COMMENT ON FUNCTION dsvault_private.token_id(text) IS
    'The id of the row that a token names; NULL if it is no token.';
COMMENT ON FUNCTION dsvault_private.empty_tokens(uuid, uuid[]) IS
    'Empties tokens of a tenant for ever: value and hash are gone, the rows stay. Returns how many '
    'were not empty already.';

REVOKE ALL ON FUNCTION dsvault_private.token_id(text) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_private.empty_tokens(uuid, uuid[]) FROM PUBLIC;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault_private FROM dsvault_definer;

COMMIT;
