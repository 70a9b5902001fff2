-- Deploy dsvault:functions/merkle to pg
-- requires: schemas/dsvault
--
-- Why:    one hash vouches for a list, and a short proof for one item of it or for its growth;
--         the trees are those of RFC 9162, section 2.1, so that others can check them.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- Hashes are passed as one bytea, 32 bytes each: an array's elements would be copied at each step.
CREATE OR REPLACE FUNCTION dsvault.merkle_leaf_hashes(entries bytea[])
    RETURNS bytea
    LANGUAGE sql
    IMMUTABLE
    PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(string_agg(sha256('\x00'::bytea || e.entry), ''::bytea), '')
    FROM unnest(entries) AS e (entry)
$$;

-- Level by level, two neighbours at a time; whoever has no neighbour moves up as he is. That is
-- the tree of the RFC, which splits at the largest power of two.
CREATE OR REPLACE FUNCTION dsvault.merkle_root_of_hashes(leaf_hashes bytea)
    RETURNS bytea
    LANGUAGE plpgsql
    IMMUTABLE
    PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_level bytea := leaf_hashes;
    v_count integer := length(leaf_hashes) / 32;
BEGIN
    IF v_count = 0 THEN
        RETURN sha256('');
    END IF;
    WHILE v_count > 1 LOOP
        v_level := (SELECT string_agg(sha256('\x01'::bytea || substr(v_level, i * 64 + 1, 64)),
                ''::bytea)
            FROM generate_series(0, v_count / 2 - 1) AS i)
            || CASE WHEN v_count % 2 = 1 THEN substr(v_level, v_count * 32 - 31, 32) ELSE '' END;
        v_count := (v_count + 1) / 2;
    END LOOP;
    RETURN v_level;
END;
$$;

CREATE OR REPLACE FUNCTION dsvault.merkle_root(entries bytea[])
    RETURNS bytea
    LANGUAGE sql
    IMMUTABLE
    PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT dsvault.merkle_root_of_hashes(dsvault.merkle_leaf_hashes(entries))
$$;

COMMENT ON FUNCTION dsvault.merkle_leaf_hashes(bytea[]) IS
    'Leaf hashes of entries (RFC 9162: SHA-256 of 0x00 and the entry), one after the other, 32 '
    'bytes each.';
COMMENT ON FUNCTION dsvault.merkle_root_of_hashes(bytea) IS
    'Merkle tree hash (RFC 9162, section 2.1.1) over leaf hashes, 32 bytes each.';
COMMENT ON FUNCTION dsvault.merkle_root(bytea[]) IS
    'Merkle tree hash (RFC 9162, section 2.1.1) of a list of entries.';

REVOKE ALL ON FUNCTION dsvault.merkle_leaf_hashes(bytea[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault.merkle_root_of_hashes(bytea) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault.merkle_root(bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.merkle_leaf_hashes(bytea[])
    TO dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer,
        dsvault_recorder;
GRANT EXECUTE ON FUNCTION dsvault.merkle_root_of_hashes(bytea)
    TO dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer,
        dsvault_recorder;
GRANT EXECUTE ON FUNCTION dsvault.merkle_root(bytea[])
    TO dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer,
        dsvault_recorder;

COMMIT;
