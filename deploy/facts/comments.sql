-- Deploy dsvault:facts/comments to pg
-- requires: facts/compare
--
-- Why:    a schema is a product only if every object says what it is for.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

CREATE OR REPLACE FUNCTION dsvault_facts.comments_of(relation regclass)
    RETURNS text[]
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(array_agg(format('%s: %s', s.subject, s.comment) ORDER BY s.subject), '{}')
    FROM (
        SELECT 'table', obj_description(relation, 'pg_class')
        UNION ALL
        SELECT 'column ' || quote_ident(a.attname), col_description(relation, a.attnum)
        FROM pg_attribute AS a
        WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL
        SELECT 'constraint ' || quote_ident(c.conname), obj_description(c.oid, 'pg_constraint')
        FROM pg_constraint AS c
        WHERE c.conrelid = relation
        UNION ALL
        SELECT 'index ' || i.indexrelid::regclass, obj_description(i.indexrelid, 'pg_class')
        FROM pg_index AS i
        WHERE i.indrelid = relation
        UNION ALL
        SELECT 'trigger ' || quote_ident(t.tgname), obj_description(t.oid, 'pg_trigger')
        FROM pg_trigger AS t
        WHERE t.tgrelid = relation
        UNION ALL
        SELECT 'policy ' || quote_ident(p.polname), obj_description(p.oid, 'pg_policy')
        FROM pg_policy AS p
        WHERE p.polrelid = relation
    ) AS s (subject, comment)
    WHERE s.comment IS NOT NULL;
$$;

COMMENT ON FUNCTION dsvault_facts.comments_of(regclass) IS
    'One line a comment on the relation, its columns, constraints, indexes, triggers and '
    'policies.';

REVOKE ALL ON FUNCTION dsvault_facts.comments_of(regclass) FROM PUBLIC;

COMMIT;
