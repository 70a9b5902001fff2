-- Deploy dsvault:facts/everything to pg
-- requires: facts/relations
-- requires: facts/security
-- requires: facts/comments
-- requires: facts/statistics
-- requires: facts/database
--
-- Why:    a release claims its whole schema: nothing missing, nothing there that nobody planned.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- One line if there are none: a partition that lacks what the others have is told apart.
CREATE OR REPLACE FUNCTION dsvault_facts.partition_of(relation regclass)
    RETURNS text[]
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT dsvault_facts.table_of(relation) || dsvault_facts.rls_of(relation)
        || dsvault_facts.grants_of(relation)
        || concat('comment: ', coalesce(obj_description(relation, 'pg_class'), '(none)'))
        || concat('statistics: ', coalesce((
            SELECT string_agg(regexp_replace(t.line, '^CREATE STATISTICS \S+ (.*) FROM \S+', '\1'),
                '; ' ORDER BY t.line)
            FROM unnest(dsvault_facts.statistics_of(relation)) AS t (line)), '(none)'))
        || concat('triggers: ', coalesce((
            SELECT string_agg(
                regexp_replace(t.line, ' ON \S+( FROM \S+)? ', ' '), '; ' ORDER BY t.line)
            FROM unnest(dsvault_facts.triggers_of(relation)) AS t (line)), '(none)'))
        || (
            SELECT array_agg('has an index that is INVALID or NOT READY'::text)
            FROM pg_index AS i
            WHERE i.indrelid = relation AND NOT (i.indisvalid AND i.indisready));
$$;

-- Partitions are told by their kind, not by name: which months there are depends on the day.
CREATE OR REPLACE FUNCTION dsvault_facts.everything_of(relation regclass)
    RETURNS text[]
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT array_agg(DISTINCT format('%s: %s', s.subject, f.fact)
        ORDER BY format('%s: %s', s.subject, f.fact))
    FROM (
        SELECT c.oid, coalesce('partition of ' || i.inhparent::regclass, c.oid::regclass::text)
        FROM pg_class AS c
            LEFT JOIN pg_inherits AS i ON i.inhrelid = c.oid
        WHERE c.oid = relation OR i.inhparent = relation
    ) AS s (oid, subject),
    LATERAL unnest(CASE WHEN s.oid <> relation THEN dsvault_facts.partition_of(s.oid)
        ELSE dsvault_facts.table_of(s.oid) || dsvault_facts.rls_of(s.oid)
            || dsvault_facts.grants_of(s.oid) || dsvault_facts.triggers_of(s.oid)
            || dsvault_facts.columns_of(s.oid) || dsvault_facts.constraints_of(s.oid)
            || dsvault_facts.indexes_of(s.oid) || dsvault_facts.comments_of(s.oid)
            || dsvault_facts.statistics_of(s.oid)
        END) AS f (fact);
$$;

-- Everything in the vault's schemas, and what of roles, defaults and the database it rests on.
CREATE OR REPLACE FUNCTION dsvault_facts.everything()
    RETURNS text[]
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    WITH ours AS (
        SELECT n.oid, n.nspname
        FROM pg_namespace AS n
        WHERE n.nspname IN ('dsvault', 'dsvault_private', 'dsvault_facts')
    )
    SELECT array_agg(e.line ORDER BY e.line)
    FROM (
        SELECT unnest(dsvault_facts.everything_of(c.oid))
        FROM pg_class AS c JOIN ours ON ours.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
        UNION ALL
        SELECT format('%s: relation of kind %s', c.oid::regclass, c.relkind)
        FROM pg_class AS c JOIN ours ON ours.oid = c.relnamespace
        WHERE c.relkind IN ('S', 'c')
        UNION ALL
        SELECT format('%s: %s', p.oid::regprocedure, unnest(dsvault_facts.function_of(p.oid)))
        FROM pg_proc AS p JOIN ours ON ours.oid = p.pronamespace
        UNION ALL
        SELECT format('%s: type of kind %s', t.oid::regtype, t.typtype)
        FROM pg_type AS t JOIN ours ON ours.oid = t.typnamespace
        WHERE t.typtype IN ('d', 'e', 'r', 'm')
        UNION ALL
        SELECT format('schema %s: %s', ours.nspname, unnest(dsvault_facts.schema_of(ours.oid)))
        FROM ours
        UNION ALL
        -- Whatever else a schema can hold, nobody planned.
        SELECT format('schema %s: %s', ours.nspname, pg_describe_object(d.classid, d.objid, 0))
        FROM pg_depend AS d
            JOIN ours ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ours.oid
        WHERE d.classid NOT IN ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_type'::regclass,
            'pg_statistic_ext'::regclass, 'pg_default_acl'::regclass)
        UNION ALL
        SELECT format('role %s: %s', r.rolname, unnest(dsvault_facts.role_of(r.oid)))
        FROM pg_roles AS r
        WHERE r.rolname IN ('dsvault_owner', 'dsvault_definer', 'dsvault_recorder',
            'dsvault_finder', 'dsvault_app', 'dsvault_reader', 'dsvault_auditor',
            'dsvault_operator')
        UNION ALL
        SELECT unnest(dsvault_facts.defaults_of_owners() || dsvault_facts.creators_in_database())
    ) AS e (line);
$$;

COMMENT ON FUNCTION dsvault_facts.partition_of(regclass) IS
    'What is true of one partition, without its name.';
COMMENT ON FUNCTION dsvault_facts.everything_of(regclass) IS
    'Every fact of one relation, and of its partitions as a kind, each line led by its subject.';
COMMENT ON FUNCTION dsvault_facts.everything() IS
    'Every fact of the vault''s schemas, roles, default privileges and database, sorted.';

REVOKE ALL ON FUNCTION dsvault_facts.partition_of(regclass) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_facts.everything_of(regclass) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault_facts.everything() FROM PUBLIC;

COMMIT;
