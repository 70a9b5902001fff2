-- Deploy dsvault:functions/guard_ciphertexts to pg
-- requires: policies/encryption_keys
-- requires: schemas/dsvault_private
-- requires: tables/records
-- requires: tables/tokens
--
-- Why:    a ciphertext names its key; if that is another tenant's, or nobody's, or was revoked, it
--         can never be read here, so it is refused when it is written.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault_private TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER: whoever writes records need not be allowed to see keys. The question is asked
-- in the rows' tenant, hence the setting, which is put back at the end.
CREATE OR REPLACE FUNCTION dsvault_private.refuse_unknown_keys(
    tenant_ids uuid[], key_ids uuid[], types text[])
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before text := coalesce(current_setting('app.current_tenant_id', true), '');
    v_tenant uuid;
    v_key    uuid;
BEGIN
    FOR v_tenant IN SELECT DISTINCT t.id FROM unnest(refuse_unknown_keys.tenant_ids) AS t (id) LOOP
        PERFORM set_config('app.current_tenant_id', v_tenant::text, true);
        SELECT n.key_id INTO v_key
        FROM unnest(refuse_unknown_keys.tenant_ids, refuse_unknown_keys.key_ids)
            AS n (tenant_id, key_id)
        WHERE n.tenant_id = v_tenant AND NOT EXISTS (
            SELECT FROM dsvault.encryption_keys AS k
            WHERE k.tenant_id = v_tenant AND k.id = n.key_id AND k.status <> 'revoked'
                AND k.key_type = ANY (refuse_unknown_keys.types))
        LIMIT 1;
        EXIT WHEN v_key IS NOT NULL;
    END LOOP;
    PERFORM set_config('app.current_tenant_id', v_before, true);
    IF v_key IS NOT NULL THEN
        RAISE EXCEPTION 'a ciphertext names the key %, with which the tenant does not encrypt',
            v_key
            USING ERRCODE = 'DV601',
                DETAIL = format('No key of the tenant, or revoked, or of another type than %s.',
                    array_to_string(refuse_unknown_keys.types, ', ')),
                HINT = 'Encrypt with an active key of the tenant: dsvault key list shows them.';
    END IF;
END;
$$;

-- SECURITY DEFINER, to call the one above. Each statement asks once for each key that it used.
CREATE OR REPLACE FUNCTION dsvault_private.tg_records__known_key()
    RETURNS trigger
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM dsvault_private.refuse_unknown_keys(
        array_agg(n.tenant_id), array_agg(encode(n.key_id, 'hex')::uuid), '{dataset,field}')
    FROM (
        SELECT DISTINCT r.tenant_id, substring(r.encrypted_data FROM 6 FOR 16) AS key_id
        FROM new_rows AS r) AS n;
    RETURN NULL;
END;
$$;

-- SECURITY DEFINER, as above. A value that was not kept names the key that hashed it.
CREATE OR REPLACE FUNCTION dsvault_private.tg_tokens__known_key()
    RETURNS trigger
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM dsvault_private.refuse_unknown_keys(
        array_agg(n.tenant_id), array_agg(encode(n.key_id, 'hex')::uuid),
        CASE WHEN n.is_kept THEN '{dataset,field}'::text[] ELSE '{dataset,field,hash}' END)
    FROM (
        SELECT DISTINCT t.tenant_id, substring(t.encrypted_value FROM 6 FOR 16) AS key_id,
            substring(t.encrypted_value FROM 5 FOR 1) <> '\x00' AS is_kept
        FROM new_rows AS t) AS n
    GROUP BY n.is_kept;
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION dsvault_private.refuse_unknown_keys(uuid[], uuid[], text[]) IS
    'Refuses pairs of a tenant and a key that is not the tenant''s, was revoked, or is of another '
    'type (DV601).';
COMMENT ON FUNCTION dsvault_private.tg_records__known_key() IS
    'Statement trigger with new_rows: refuses records under a key that is not the tenant''s '
    '(DV601).';
COMMENT ON FUNCTION dsvault_private.tg_tokens__known_key() IS
    'Statement trigger with new_rows: refuses tokens under a key that is not the tenant''s '
    '(DV601).';

REVOKE ALL ON FUNCTION dsvault_private.refuse_unknown_keys(uuid[], uuid[], text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_private.tg_records__known_key() FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_private.tg_tokens__known_key() FROM PUBLIC;
-- Making a trigger takes the right to execute its function; the owner makes them.
GRANT EXECUTE ON FUNCTION dsvault_private.tg_records__known_key() TO dsvault_owner;
GRANT EXECUTE ON FUNCTION dsvault_private.tg_tokens__known_key() TO dsvault_owner;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault_private FROM dsvault_definer;

COMMIT;
