-- Deploy dsvault:functions/key_use to pg
-- requires: policies/encryption_keys
-- requires: policies/datasets
-- requires: policies/records
-- requires: policies/tokens
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
-- since no index knows the keys. A field's key stands in the annotation of the field. A hold of one
-- dataset holds all keys of its tenant. PL/pgSQL, since a body in SQL would be planned below the
-- deploying session's row_security = off.
CREATE OR REPLACE FUNCTION dsvault.key_use(key_id uuid)
    RETURNS TABLE (datasets bigint, records bigint, tokens bigint, is_held boolean)
    LANGUAGE plpgsql
    STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY SELECT
        (SELECT count(*) FROM dsvault.datasets AS d
            WHERE d.tenant_id = dsvault.current_tenant_id()
                AND d.encryption_key_id = key_use.key_id),
        (SELECT count(*) FROM dsvault.records AS r
            WHERE r.tenant_id = dsvault.current_tenant_id()
                AND (substring(r.encrypted_data FROM 6 FOR 16)
                        = decode(replace(key_use.key_id::text, '-', ''), 'hex')
                    OR strpos(r.pii_annotations::text, key_use.key_id::text) > 0)),
        (SELECT count(*) FROM dsvault.tokens AS t
            WHERE t.tenant_id = dsvault.current_tenant_id()
                AND substring(t.encrypted_value FROM 6 FOR 16)
                    = decode(replace(key_use.key_id::text, '-', ''), 'hex')),
        dsvault_private.legal_holds(dsvault.current_tenant_id()) <> '{}';
END;
$$;

COMMENT ON FUNCTION dsvault.key_use(uuid) IS
    'How many datasets name a key of the tenant, how many records and tokens are encrypted with '
    'it, and whether a legal hold forbids to make them unreadable.';

REVOKE ALL ON FUNCTION dsvault.key_use(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.key_use(uuid) TO dsvault_operator;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault FROM dsvault_definer;

COMMIT;
