-- Verify dsvault:facts/compare on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('equal sets', ARRAY['b', 'a', 'a'], ARRAY['a', 'b']);
CALL dsvault_facts.must_contain('a subset', ARRAY['a', 'b', 'c'], ARRAY['c', 'a']);

-- A comparison that lets everything pass would make every other verify script worthless.
DO $$
DECLARE
    v_case text;
    v_detail text;
BEGIN
    FOREACH v_case IN ARRAY ARRAY['missing', 'unexpected', 'not contained', 'nothing found'] LOOP
        BEGIN
            CASE v_case
                WHEN 'missing' THEN
                    CALL dsvault_facts.must_equal('x', ARRAY['a'], ARRAY['a', 'b']);
                WHEN 'unexpected' THEN
                    CALL dsvault_facts.must_equal('x', ARRAY['a', 'b'], ARRAY['b']);
                WHEN 'not contained' THEN
                    CALL dsvault_facts.must_contain('x', ARRAY['a'], ARRAY['b']);
                ELSE
                    CALL dsvault_facts.must_contain('x', NULL, ARRAY['b']);
            END CASE;
        EXCEPTION
            WHEN SQLSTATE 'DV001' THEN
                GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
                CONTINUE WHEN v_detail IN
                    ('missing:    b', 'unexpected: a');
                RAISE EXCEPTION 'dsvault_facts: case "%" names the wrong fact: %', v_case, v_detail
                    USING ERRCODE = 'DV001', HINT = 'Compare with deploy/facts/compare.sql.';
        END;
        RAISE EXCEPTION 'dsvault_facts: case "%" passed, it must be refused', v_case
            USING ERRCODE = 'DV001', HINT = 'Compare with deploy/facts/compare.sql.';
    END LOOP;
END;
$$;

-- Told here by hand: the function that tells it elsewhere comes after this change.
DO $$
DECLARE
    v_actual text[] := ARRAY(
        SELECT pg_catalog.format('%s owner %s, %s, %s, body %s, %s: %s', p.oid::regprocedure,
            pg_catalog.pg_get_userbyid(p.proowner), p.proconfig::text,
            -- Security, volatility, parallel safety, leakproof, in the catalog's letters.
            pg_catalog.concat(CASE WHEN p.prosecdef THEN 'd' ELSE 'i' END,
                p.provolatile, p.proparallel, CASE WHEN p.proleakproof THEN 'l' END),
            pg_catalog.left(pg_catalog.encode(pg_catalog.sha256(
                pg_catalog.convert_to(p.prosrc, 'UTF8')), 'hex'), 16),
            coalesce((
                SELECT 'open to ' || pg_catalog.string_agg(a.grantee::text, ', ')
                FROM pg_catalog.aclexplode(
                    coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) AS a
                WHERE a.grantee <> p.proowner), 'closed'),
            pg_catalog.obj_description(p.oid, 'pg_proc'))
        FROM pg_catalog.pg_proc AS p
        WHERE p.pronamespace = 'dsvault_facts'::regnamespace
            AND p.proname IN ('difference', 'must_contain', 'must_equal'));
BEGIN
    CALL dsvault_facts.must_equal('dsvault_facts comparisons', v_actual, ARRAY[
    'dsvault_facts.difference(text[],text[]) owner dsvault_owner, '
    '{"search_path=pg_catalog, pg_temp"}, iis, body 0302802c226dc9b5, closed: '
    'Facts of the first set that the second does not have, sorted, each once.',
    'dsvault_facts.must_contain(text,text[],text[]) owner dsvault_owner, '
    '{"search_path=pg_catalog, pg_temp"}, ivu, body 0778282da5d4eb3d, closed: '
    'Raises DV001 and names what is missing, unless every expected fact was found.',
    'dsvault_facts.must_equal(text,text[],text[]) owner dsvault_owner, '
    '{"search_path=pg_catalog, pg_temp"}, ivu, body d6ab2675a412ffd3, closed: '
    'Raises DV001 and names what is missing and what is unexpected, unless both sets are equal.']);
END;
$$;

ROLLBACK;
