-- Verify dsvault:schemas/dsvault_facts on pg

BEGIN;

-- The verify kit comes after this schema, so the question is asked of the catalog directly.
DO $$
DECLARE
    v_found text := (
        SELECT pg_catalog.concat_ws('; ',
            'owner ' || pg_catalog.pg_get_userbyid(n.nspowner),
            pg_catalog.obj_description(n.oid, 'pg_namespace'),
            (SELECT 'open to ' || pg_catalog.string_agg(a.grantee::regrole::text, ', ')
             FROM pg_catalog.aclexplode(n.nspacl) AS a
             WHERE a.grantee <> n.nspowner))
        FROM pg_catalog.pg_namespace AS n
        WHERE n.nspname = 'dsvault_facts');
    v_expected text := 'owner dsvault_owner; The verify kit: catalog facts as lines of text, '
        'and procedures that compare them.';
BEGIN
    IF v_found IS DISTINCT FROM v_expected THEN
        RAISE EXCEPTION 'schema dsvault_facts is not as deployed'
            USING ERRCODE = 'DV001',
                DETAIL = pg_catalog.format(E'found:    %s\nexpected: %s', v_found, v_expected),
                HINT = 'Compare with deploy/schemas/dsvault_facts.sql.';
    END IF;
END;
$$;

ROLLBACK;
