-- What the verify kit's functions are, told without asking them.
SELECT pg_catalog.format('%s: body %s', p.oid::pg_catalog.regprocedure, pg_catalog.left(
    pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(p.prosrc, 'UTF8')), 'hex'), 16))
    AS fact
FROM pg_catalog.pg_proc AS p
    JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname = 'dsvault_facts'
