-- Deploy dsvault:functions/sealed_month to pg
-- requires: policies/audit_logs
-- requires: policies/audit_seals
-- requires: policies/audit_archives
-- requires: functions/seal_range
--
-- Why:    whether a month is as it was sealed is found out in one place, entry by entry.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault_private TO dsvault_recorder;
SET LOCAL ROLE dsvault_recorder;

-- Each entry is looked up in its seal, by id and hash. Places that follow one another become one
-- range; a tenant's month usually is one. PL/pgSQL, since a body in SQL would be planned below the
-- deploying session's row_security = off.
CREATE OR REPLACE FUNCTION dsvault_private.sealed_month(
    from_time timestamptz,
    to_time   timestamptz
)
    RETURNS TABLE (
        tenant_id   uuid,
        entry_count bigint,
        places      int8multirange,
        leaf_hashes bytea,
        first_wrong uuid
    )
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
    WITH entry AS MATERIALIZED (
        SELECT e.tenant_id, e.transaction_id, e.created_at, e.id, sha256('\x00'::bytea
            || convert_to(dsvault_private.entry_text(e), 'UTF8')) AS leaf
        FROM dsvault.audit_logs AS e
        WHERE e.created_at >= sealed_month.from_time AND e.created_at < sealed_month.to_time
    ), seal AS (
        SELECT s.tenant_id, s.from_transaction, s.to_transaction, s.entry_ids, s.leaf_hashes,
            sum(s.entry_count) OVER w - s.entry_count AS before
        FROM dsvault.audit_seals AS s
        WINDOW w AS (PARTITION BY s.tenant_id ORDER BY s.seal_number)
    ), listed AS (
        SELECT s.tenant_id, s.before + l.place AS place, l.id,
            substring(s.leaf_hashes FROM l.place::integer * 32 - 31 FOR 32) AS leaf
        FROM (
            -- In one piece, or each of its hashes would be fetched apart.
            SELECT s.tenant_id, s.before, s.entry_ids, s.leaf_hashes || ''::bytea AS leaf_hashes
            FROM seal AS s JOIN (
                SELECT e.tenant_id, min(e.transaction_id), max(e.transaction_id)
                FROM entry AS e GROUP BY e.tenant_id
            ) AS t (tenant_id, first, last) ON t.tenant_id = s.tenant_id
                AND s.to_transaction > t.first AND s.from_transaction <= t.last
            OFFSET 0
        ) AS s, unnest(s.entry_ids) WITH ORDINALITY AS l (id, place)
    ), found AS MATERIALIZED (
        SELECT e.tenant_id, e.transaction_id, e.created_at, e.id, e.leaf, l.place,
            l.place - row_number() OVER (PARTITION BY e.tenant_id ORDER BY l.place) AS island
        FROM entry AS e LEFT JOIN listed AS l
            ON l.tenant_id = e.tenant_id AND l.id = e.id AND l.leaf = e.leaf
    )
    SELECT f.tenant_id, count(*), (
            SELECT range_agg(int8range(i.first, i.last, '[]'))
            FROM (SELECT min(g.place)::bigint, max(g.place)::bigint FROM found AS g
                WHERE g.tenant_id = f.tenant_id GROUP BY g.island) AS i (first, last)),
        string_agg(f.leaf, ''::bytea ORDER BY f.transaction_id, f.created_at, f.id),
        (array_agg(f.id ORDER BY f.transaction_id, f.created_at, f.id)
            FILTER (WHERE f.place IS NULL))[1]
    FROM found AS f
    GROUP BY f.tenant_id
    ORDER BY f.tenant_id;
END;
$$;

-- All that is written down of a tenant's archives. The newest one's entry in the trail tells it, so
-- the trail vouches for the older ones too, when their own entries have left it.
CREATE OR REPLACE FUNCTION dsvault_private.archives_hash(tenant_id uuid)
    RETURNS bytea
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT sha256(convert_to(string_agg(jsonb_build_array(a.entry_id, a.partition_name,
            EXTRACT(epoch FROM a.from_time)::text, EXTRACT(epoch FROM a.to_time)::text,
            a.entry_count, a.places::text, encode(a.root_hash, 'hex'), a.file_name,
            encode(a.file_hash, 'hex'), EXTRACT(epoch FROM a.archived_at)::text)::text, ''
            ORDER BY a.archived_at, a.entry_id), 'UTF8'))
        FROM dsvault.audit_archives AS a
        WHERE a.tenant_id = archives_hash.tenant_id);
END;
$$;

COMMENT ON FUNCTION dsvault_private.archives_hash(uuid) IS
    'Hash of everything that is written down of a tenant''s archives.';
COMMENT ON FUNCTION dsvault_private.sealed_month(timestamptz, timestamptz) IS
    'The entries of a month by tenant: their places in its seals and their leaf hashes in order; '
    'first_wrong is the first one that is in no seal as it is.';
REVOKE ALL ON FUNCTION dsvault_private.archives_hash(uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_private.sealed_month(timestamptz, timestamptz) FROM PUBLIC;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault_private FROM dsvault_recorder;

COMMIT;
