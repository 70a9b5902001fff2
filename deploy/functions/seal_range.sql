-- Deploy dsvault:functions/seal_range to pg
-- requires: policies/audit_logs
-- requires: policies/audit_seals
-- requires: functions/merkle
--
-- Why:    what a seal vouches for, and how it is hashed, is told in one place.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault_private TO dsvault_recorder;
SET LOCAL ROLE dsvault_recorder;

-- What is hashed of an entry: a JSON array, which reads the same whatever a session's settings are.
-- Like the next one without a SET clause, so that the planner puts it in place.
CREATE OR REPLACE FUNCTION dsvault_private.entry_text(entry dsvault.audit_logs)
    RETURNS text
    LANGUAGE sql
    STABLE
    PARALLEL SAFE
AS $$
    SELECT pg_catalog.jsonb_build_array(entry.id, entry.tenant_id, entry.user_id, entry.action,
        entry.resource_type, entry.resource_id, entry.details, entry.ip_address::pg_catalog.text,
        entry.user_agent, EXTRACT(epoch FROM entry.created_at)::pg_catalog.text,
        entry.transaction_id::pg_catalog.text)::pg_catalog.text
$$;

CREATE OR REPLACE FUNCTION dsvault_private.seal_hash(seal dsvault.audit_seals)
    RETURNS bytea
    LANGUAGE sql
    STABLE
    PARALLEL SAFE
AS $$
    SELECT pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.jsonb_build_array(
        'dsvault audit seal 1', seal.tenant_id, seal.seal_number,
        seal.from_transaction::pg_catalog.text, seal.to_transaction::pg_catalog.text,
        seal.entry_count, pg_catalog.encode(seal.root_hash, 'hex'),
        pg_catalog.encode(seal.previous_hash, 'hex'),
        EXTRACT(epoch FROM seal.sealed_at)::pg_catalog.text)::pg_catalog.text, 'UTF8'))
$$;

-- Seals one range of transactions, for every tenant that has entries in it, and for the system
-- tenant in any case: its chain tells how far sealing came.
CREATE OR REPLACE FUNCTION dsvault_private.seal_range(from_transaction xid8, to_transaction xid8)
    RETURNS SETOF dsvault.audit_seals
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_seal dsvault.audit_seals;
    v_last dsvault.audit_seals;
BEGIN
    FOR v_seal.tenant_id, v_seal.entry_ids, v_seal.leaf_hashes IN
        SELECT e.tenant_id, array_agg(e.id ORDER BY e.transaction_id, e.created_at, e.id),
            string_agg(sha256('\x00'::bytea
                    || convert_to(dsvault_private.entry_text(e), 'UTF8')), ''::bytea
                ORDER BY e.transaction_id, e.created_at, e.id)
        FROM dsvault.audit_logs AS e
        WHERE e.transaction_id >= seal_range.from_transaction
            AND e.transaction_id < seal_range.to_transaction
        GROUP BY e.tenant_id
        UNION ALL
        SELECT '00000000-0000-0000-0000-000000000000', '{}', ''
        WHERE NOT EXISTS (
            SELECT FROM dsvault.audit_logs AS e
            WHERE e.transaction_id >= seal_range.from_transaction
                AND e.transaction_id < seal_range.to_transaction
                AND e.tenant_id = '00000000-0000-0000-0000-000000000000')
    LOOP
        SELECT * INTO v_last FROM dsvault.audit_seals AS s
        WHERE s.tenant_id = v_seal.tenant_id ORDER BY s.seal_number DESC LIMIT 1;
        v_seal.seal_number := coalesce(v_last.seal_number, 0) + 1;
        v_seal.from_transaction := coalesce(v_last.to_transaction, '0');
        v_seal.to_transaction := seal_range.to_transaction;
        v_seal.entry_count := cardinality(v_seal.entry_ids);
        v_seal.root_hash := dsvault.merkle_root_of_hashes(v_seal.leaf_hashes);
        v_seal.previous_hash := coalesce(v_last.seal_hash, decode(repeat('00', 32), 'hex'));
        v_seal.sealed_at := clock_timestamp();
        v_seal.seal_hash := dsvault_private.seal_hash(v_seal);
        INSERT INTO dsvault.audit_seals VALUES (v_seal.*);
        RETURN NEXT v_seal;
    END LOOP;
END;
$$;

COMMENT ON FUNCTION dsvault_private.entry_text(dsvault.audit_logs) IS
    'What is hashed of an audit entry: a JSON array of all its columns.';
COMMENT ON FUNCTION dsvault_private.seal_hash(dsvault.audit_seals) IS
    'Hash of a seal: SHA-256 of a JSON array of what it vouches for.';
COMMENT ON FUNCTION dsvault_private.seal_range(xid8, xid8) IS
    'Seals the entries of a range of transactions that have all ended.';

REVOKE ALL ON FUNCTION dsvault_private.entry_text(dsvault.audit_logs) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_private.seal_hash(dsvault.audit_seals) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_private.seal_range(xid8, xid8) FROM PUBLIC;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault_private FROM dsvault_recorder;

COMMIT;
