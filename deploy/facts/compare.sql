-- Deploy dsvault:facts/compare to pg
-- requires: schemas/dsvault_facts
--
-- Why:    every verify script ends in one of two questions: exactly these facts, or at least these.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- Facts are sets: order and repetition say nothing.
CREATE OR REPLACE FUNCTION dsvault_facts.difference(minuend text[], subtrahend text[])
    RETURNS text[]
    LANGUAGE sql
    IMMUTABLE
    PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(array_agg(m.fact ORDER BY m.fact), '{}')
    FROM (SELECT unnest(minuend) EXCEPT SELECT unnest(subtrahend)) AS m (fact);
$$;

-- RAISE, not ASSERT: plpgsql.check_asserts = off silences every ASSERT.
CREATE OR REPLACE PROCEDURE dsvault_facts.must_contain(subject text, actual text[], expected text[])
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_missing text[] := dsvault_facts.difference(expected, actual);
BEGIN
    IF v_missing <> '{}' THEN
        RAISE EXCEPTION '%: % of % expected facts missing',
            subject, cardinality(v_missing), cardinality(expected)
            USING ERRCODE = 'DV001',
                DETAIL = 'missing:    ' || array_to_string(v_missing, E'\nmissing:    '),
                HINT = 'The catalog drifted: compare the named facts with the change script.';
    END IF;
END;
$$;

CREATE OR REPLACE PROCEDURE dsvault_facts.must_equal(subject text, actual text[], expected text[])
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_missing    text[] := dsvault_facts.difference(expected, actual);
    v_unexpected text[] := dsvault_facts.difference(actual, expected);
BEGIN
    IF v_missing <> '{}' OR v_unexpected <> '{}' THEN
        RAISE EXCEPTION '%: % facts missing, % unexpected',
            subject, cardinality(v_missing), cardinality(v_unexpected)
            USING ERRCODE = 'DV001',
                DETAIL = concat_ws(E'\n',
                    'missing:    ' || nullif(array_to_string(v_missing, E'\nmissing:    '), ''),
                    'unexpected: ' || nullif(array_to_string(v_unexpected, E'\nunexpected: '), '')),
                HINT = 'The catalog drifted: compare the named facts with the change script.';
    END IF;
END;
$$;

COMMENT ON FUNCTION dsvault_facts.difference(text[], text[]) IS
    'Facts of the first set that the second does not have, sorted, each once.';
COMMENT ON PROCEDURE dsvault_facts.must_contain(text, text[], text[]) IS
    'Raises DV001 and names what is missing, unless every expected fact was found.';
COMMENT ON PROCEDURE dsvault_facts.must_equal(text, text[], text[]) IS
    'Raises DV001 and names what is missing and what is unexpected, unless both sets are equal.';

REVOKE ALL ON FUNCTION dsvault_facts.difference(text[], text[]) FROM PUBLIC;
REVOKE ALL ON PROCEDURE dsvault_facts.must_contain(text, text[], text[]) FROM PUBLIC;
REVOKE ALL ON PROCEDURE dsvault_facts.must_equal(text, text[], text[]) FROM PUBLIC;

COMMIT;
