-- Deploy dsvault:functions/merkle_verify to pg
-- requires: functions/merkle
--
-- Why:    whoever holds a root checks one entry, or that a list only grew, without the list.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- RFC 9162, section 2.1.3.2.
CREATE OR REPLACE FUNCTION dsvault.merkle_verify_inclusion(
    leaf_hash  bytea,
    leaf_index bigint,
    tree_size  bigint,
    path       bytea[],
    root       bytea
)
    RETURNS boolean
    LANGUAGE plpgsql
    IMMUTABLE
    PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_fn   bigint := leaf_index;
    v_sn   bigint := tree_size - 1;
    v_hash bytea := leaf_hash;
    v_node bytea;
BEGIN
    IF path IS NULL OR leaf_index < 0 OR leaf_index >= tree_size THEN
        RETURN false;
    END IF;
    FOREACH v_node IN ARRAY path LOOP
        IF v_sn = 0 THEN
            RETURN false;
        ELSIF v_fn % 2 = 1 OR v_fn = v_sn THEN
            v_hash := sha256('\x01'::bytea || v_node || v_hash);
            WHILE v_fn % 2 = 0 AND v_fn > 0 LOOP
                v_fn := v_fn / 2;
                v_sn := v_sn / 2;
            END LOOP;
        ELSE
            v_hash := sha256('\x01'::bytea || v_hash || v_node);
        END IF;
        v_fn := v_fn / 2;
        v_sn := v_sn / 2;
    END LOOP;
    RETURN coalesce(v_sn = 0 AND v_hash = root, false);
END;
$$;

-- RFC 9162, section 2.1.4.2.
CREATE OR REPLACE FUNCTION dsvault.merkle_verify_consistency(
    old_size bigint,
    new_size bigint,
    old_root bytea,
    new_root bytea,
    path     bytea[]
)
    RETURNS boolean
    LANGUAGE plpgsql
    IMMUTABLE
    PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_path bytea[] := path;
    v_fn   bigint := old_size - 1;
    v_sn   bigint := new_size - 1;
    v_old  bytea;
    v_new  bytea;
    v_node bytea;
BEGIN
    IF path IS NULL OR old_size < 1 OR old_size > new_size THEN
        RETURN false;
    ELSIF old_size = new_size THEN
        RETURN coalesce(cardinality(path) = 0 AND old_root = new_root, false);
    ELSIF (old_size & (old_size - 1)) = 0 THEN
        v_path := old_root || v_path;
    END IF;
    WHILE v_fn % 2 = 1 LOOP
        v_fn := v_fn / 2;
        v_sn := v_sn / 2;
    END LOOP;
    v_old := v_path[1];
    v_new := v_path[1];
    FOREACH v_node IN ARRAY v_path[2:] LOOP
        IF v_sn = 0 THEN
            RETURN false;
        ELSIF v_fn % 2 = 1 OR v_fn = v_sn THEN
            v_old := sha256('\x01'::bytea || v_node || v_old);
            v_new := sha256('\x01'::bytea || v_node || v_new);
            WHILE v_fn % 2 = 0 AND v_fn > 0 LOOP
                v_fn := v_fn / 2;
                v_sn := v_sn / 2;
            END LOOP;
        ELSE
            v_new := sha256('\x01'::bytea || v_new || v_node);
        END IF;
        v_fn := v_fn / 2;
        v_sn := v_sn / 2;
    END LOOP;
    RETURN coalesce(v_sn = 0 AND v_old = old_root AND v_new = new_root, false);
END;
$$;

COMMENT ON FUNCTION dsvault.merkle_verify_inclusion(bytea, bigint, bigint, bytea[], bytea) IS
    'True if the path leads from the leaf hash to the root of a tree of that size (RFC 9162, '
    'section 2.1.3.2).';
COMMENT ON FUNCTION dsvault.merkle_verify_consistency(bigint, bigint, bytea, bytea, bytea[]) IS
    'True if the path proves that the new tree begins with the old one (RFC 9162, section '
    '2.1.4.2).';

REVOKE ALL ON FUNCTION
    dsvault.merkle_verify_inclusion(bytea, bigint, bigint, bytea[], bytea) FROM PUBLIC;
REVOKE ALL ON FUNCTION
    dsvault.merkle_verify_consistency(bigint, bigint, bytea, bytea, bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    dsvault.merkle_verify_inclusion(bytea, bigint, bigint, bytea[], bytea)
    TO dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator;
GRANT EXECUTE ON FUNCTION
    dsvault.merkle_verify_consistency(bigint, bigint, bytea, bytea, bytea[])
    TO dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator;

COMMIT;
