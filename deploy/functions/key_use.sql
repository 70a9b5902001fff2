-- Deploy dsvault:functions/key_use to pg
-- requires: policies/encryption_keys
-- requires: policies/datasets
-- requires: policies/records
-- requires: policies/tokens
-- requires: policies/key_removals
-- requires: functions/held_tenants
--
-- Why:    before a key is revoked or destroyed, somebody has to know what becomes unreadable.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER: operators count what they may not see. It reads every record of the tenant,
-- since no index knows the keys. A record is one message of its own key, and of each key that
-- encrypted a field of it, once for the field; those that were removed count as well. A hold of
-- one dataset holds all keys of its tenant.
-- PL/pgSQL, since a body in SQL would be planned below the deploying session's row_security = off.
CREATE OR REPLACE FUNCTION dsvault.key_use(key_id uuid)
    RETURNS TABLE (
        datasets bigint, records bigint, tokens bigint, messages bigint, is_held boolean)
    LANGUAGE plpgsql
    STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_tenant  uuid  := dsvault.current_tenant_id();
    v_header  bytea := decode(replace(key_use.key_id::text, '-', ''), 'hex');
    v_removed bigint;
BEGIN
    SELECT count(*) INTO datasets
    FROM dsvault.datasets AS d
    WHERE d.tenant_id = v_tenant AND d.encryption_key_id = key_use.key_id;

    SELECT count(*) INTO tokens
    FROM dsvault.tokens AS t
    WHERE t.tenant_id = v_tenant AND substring(t.encrypted_value FROM 6 FOR 16) = v_header;

    SELECT count(*), tokens + coalesce(sum(m.number), 0) INTO records, messages
    FROM dsvault.records AS r,
        LATERAL (SELECT (substring(r.encrypted_data FROM 6 FOR 16) = v_header)::integer + (
            SELECT count(*) FROM jsonb_each(r.pii_annotations) AS e
            WHERE e.value ->> 'key' = key_use.key_id::text)) AS m (number)
    WHERE r.tenant_id = v_tenant AND m.number > 0;

    SELECT coalesce(sum(m.messages), 0) INTO v_removed
    FROM dsvault.key_removals AS m
    WHERE m.tenant_id = v_tenant AND m.key_id = key_use.key_id;
    messages := messages + v_removed;

    is_held := dsvault_private.legal_holds(v_tenant) <> '{}';
    RETURN NEXT;
END;
$$;

COMMENT ON FUNCTION dsvault.key_use(uuid) IS
    'How many datasets name a key of the tenant, how many records and tokens are encrypted with '
    'it, how many messages it encrypted (a record is one more for each field that is encrypted '
    'apart; what was removed since counts too), and whether a legal hold forbids to make them '
    'unreadable.';

REVOKE ALL ON FUNCTION dsvault.key_use(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.key_use(uuid) TO dsvault_operator;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault FROM dsvault_definer;

COMMIT;
