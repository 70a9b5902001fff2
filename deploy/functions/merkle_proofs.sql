-- Deploy dsvault:functions/merkle_proofs to pg
-- requires: functions/merkle
--
-- Why:    a short proof shows that a list holds an entry, or that it only grew.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- RFC 9162, section 2.1.3.1: the neighbours on the way from the leaf to the root.
CREATE OR REPLACE FUNCTION dsvault.merkle_inclusion_proof(leaf_hashes bytea, leaf_index bigint)
    RETURNS bytea[]
    LANGUAGE plpgsql
    IMMUTABLE
    PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_level bytea := leaf_hashes;
    v_count integer := length(leaf_hashes) / 32;
    v_place integer := leaf_index;
    v_path  bytea[] := '{}'::bytea[];
BEGIN
    IF leaf_index IS NULL OR leaf_index < 0 OR leaf_index >= v_count THEN
        RAISE EXCEPTION 'there is no leaf % among %', leaf_index, v_count
            USING ERRCODE = 'DV811', HINT = 'Leaves are counted from 0.';
    END IF;
    WHILE v_count > 1 LOOP
        IF (v_place # 1) < v_count THEN
            v_path := v_path || substr(v_level, (v_place # 1) * 32 + 1, 32);
        END IF;
        v_level := (SELECT string_agg(sha256('\x01'::bytea || substr(v_level, i * 64 + 1, 64)),
                ''::bytea)
            FROM generate_series(0, v_count / 2 - 1) AS i)
            || CASE WHEN v_count % 2 = 1 THEN substr(v_level, v_count * 32 - 31, 32) ELSE '' END;
        v_count := (v_count + 1) / 2;
        v_place := v_place / 2;
    END LOOP;
    RETURN v_path;
END;
$$;

-- RFC 9162, section 2.1.4.1, from the outside inwards: what SUBPROOF appends last comes first here.
CREATE OR REPLACE FUNCTION dsvault.merkle_consistency_proof(leaf_hashes bytea, old_size bigint)
    RETURNS bytea[]
    LANGUAGE plpgsql
    IMMUTABLE
    PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_size     integer := length(leaf_hashes) / 32;
    v_first    integer := 0;
    v_count    integer := v_size;
    v_old      integer := old_size;
    v_half     integer;
    v_is_known boolean := true;
    v_path     bytea[] := '{}'::bytea[];
BEGIN
    IF old_size IS NULL OR old_size < 1 OR old_size > v_size THEN
        RAISE EXCEPTION 'a tree of % leaves never had %', v_size, old_size
            USING ERRCODE = 'DV811', HINT = 'Name a size from 1 to that of the list.';
    END IF;
    WHILE v_old < v_count LOOP
        v_half := 1;
        WHILE v_half * 2 < v_count LOOP
            v_half := v_half * 2;
        END LOOP;
        IF v_old <= v_half THEN
            v_path := dsvault.merkle_root_of_hashes(substr(leaf_hashes,
                (v_first + v_half) * 32 + 1, (v_count - v_half) * 32)) || v_path;
            v_count := v_half;
        ELSE
            v_path := dsvault.merkle_root_of_hashes(substr(leaf_hashes,
                v_first * 32 + 1, v_half * 32)) || v_path;
            v_first := v_first + v_half;
            v_count := v_count - v_half;
            v_old := v_old - v_half;
            v_is_known := false;
        END IF;
    END LOOP;
    IF NOT v_is_known THEN
        v_path := dsvault.merkle_root_of_hashes(substr(leaf_hashes,
            v_first * 32 + 1, v_count * 32)) || v_path;
    END IF;
    RETURN v_path;
END;
$$;

COMMENT ON FUNCTION dsvault.merkle_inclusion_proof(bytea, bigint) IS
    'Audit path (RFC 9162, section 2.1.3.1) for the leaf of that place, counted from 0; DV811 if '
    'there is none.';
COMMENT ON FUNCTION dsvault.merkle_consistency_proof(bytea, bigint) IS
    'Proof (RFC 9162, section 2.1.4.1) that the tree over the first old_size leaves only grew; '
    'DV811 for a size that it never had.';

REVOKE ALL ON FUNCTION dsvault.merkle_inclusion_proof(bytea, bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault.merkle_consistency_proof(bytea, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.merkle_inclusion_proof(bytea, bigint)
    TO dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator;
GRANT EXECUTE ON FUNCTION dsvault.merkle_consistency_proof(bytea, bigint)
    TO dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator;

COMMIT;
