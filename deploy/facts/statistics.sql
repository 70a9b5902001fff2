-- Deploy dsvault:facts/statistics to pg
-- requires: facts/compare
--
-- Why:    a query may be planned well only because of statistics that somebody asked for.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- Left to itself, the target is -1 before PostgreSQL 17 and NULL since.
CREATE OR REPLACE FUNCTION dsvault_facts.statistics_of(relation regclass)
    RETURNS text[]
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(array_agg(concat_ws(' ',
        pg_get_statisticsobjdef(s.oid),
        'OWNER ' || pg_get_userbyid(s.stxowner),
        CASE WHEN s.stxstattarget >= 0 THEN 'TARGET ' || s.stxstattarget END,
        'COMMENT ' || obj_description(s.oid, 'pg_statistic_ext'))
        ORDER BY s.stxname), '{}')
    FROM pg_statistic_ext AS s
    WHERE s.stxrelid = relation;
$$;

COMMENT ON FUNCTION dsvault_facts.statistics_of(regclass) IS
    'One line an object of extended statistics: its definition, owner, target if that is not '
    'the usual one, and comment.';

REVOKE ALL ON FUNCTION dsvault_facts.statistics_of(regclass) FROM PUBLIC;

COMMIT;
