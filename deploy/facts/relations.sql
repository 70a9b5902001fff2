-- Deploy dsvault:facts/relations to pg
-- requires: facts/compare
--
-- Why:    verify scripts state what a table is as lines of text that a reader can check by eye.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

CREATE OR REPLACE FUNCTION dsvault_facts.table_of(relation regclass)
    RETURNS text[]
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT array_agg(concat_ws(' ',
        CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view'
            WHEN 'm' THEN 'materialized view' ELSE concat('relkind ', c.relkind) END,
        'PARTITION BY ' || pg_get_partkeydef(c.oid),
        CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED' WHEN 't' THEN 'TEMPORARY' END,
        'OWNER ' || pg_get_userbyid(c.relowner),
        'WITH ' || c.reloptions::text))
        -- Before PostgreSQL 16 columns are printed with the name of their table.
        || array_agg('body ' || left(encode(sha256(convert_to(regexp_replace(
            pg_get_viewdef(c.oid), '\m[a-z_]+\.(?=[a-z_]+\M[^(])', '', 'g'), 'UTF8')), 'hex'), 16))
            FILTER (WHERE c.relkind IN ('v', 'm'))
    FROM pg_class AS c
    WHERE c.oid = relation;
$$;

CREATE OR REPLACE FUNCTION dsvault_facts.columns_of(relation regclass)
    RETURNS text[]
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(array_agg(concat_ws(' ',
        quote_ident(a.attname),
        format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attcollation <> t.typcollation
            THEN 'COLLATE ' || a.attcollation::regcollation END,
        CASE WHEN a.attnotnull THEN 'NOT NULL' END,
        CASE a.attidentity WHEN 'a' THEN 'IDENTITY ALWAYS' WHEN 'd' THEN 'IDENTITY BY DEFAULT' END,
        CASE a.attgenerated WHEN 's' THEN 'STORED' WHEN 'v' THEN 'VIRTUAL' END,
        'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)) ORDER BY a.attnum), '{}')
    FROM pg_attribute AS a
        JOIN pg_type AS t ON t.oid = a.atttypid
        LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped;
$$;

-- PostgreSQL 18 lists NOT NULL as a constraint too; columns_of tells it on every version.
CREATE OR REPLACE FUNCTION dsvault_facts.constraints_of(relation regclass)
    RETURNS text[]
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(array_agg(concat_ws(' ', quote_ident(c.conname), pg_get_constraintdef(c.oid),
        CASE WHEN EXISTS (
            -- Foreign keys are kept by triggers, those of partitions by the partitions' own.
            SELECT FROM pg_trigger AS t JOIN pg_constraint AS k ON k.oid = t.tgconstraint
            WHERE (k.oid = c.oid OR k.conparentid = c.oid) AND t.tgenabled <> 'O')
            THEN 'SWITCHED OFF' END)
        ORDER BY c.conname), '{}')
    FROM pg_constraint AS c
    WHERE c.conrelid = relation AND c.contype IN ('c', 'f', 'p', 'u', 'x')
        -- A reference to a partitioned table has a part for each of its partitions.
        AND NOT EXISTS (SELECT FROM pg_constraint AS k
            WHERE k.oid = c.conparentid AND k.conrelid = c.conrelid);
$$;

CREATE OR REPLACE FUNCTION dsvault_facts.indexes_of(relation regclass)
    RETURNS text[]
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(array_agg(concat_ws(' ',
        pg_get_indexdef(i.indexrelid),
        CASE WHEN NOT i.indisvalid THEN 'INVALID' END,
        CASE WHEN NOT i.indisready THEN 'NOT READY' END)
        ORDER BY i.indexrelid::regclass::text), '{}')
    FROM pg_index AS i
    WHERE i.indrelid = relation;
$$;

CREATE OR REPLACE FUNCTION dsvault_facts.triggers_of(relation regclass)
    RETURNS text[]
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(array_agg(s.line ORDER BY s.line), '{}')
    FROM (
        SELECT concat_ws(' ', pg_get_triggerdef(t.oid),
            CASE t.tgenabled WHEN 'D' THEN 'DISABLED' WHEN 'R' THEN 'REPLICA'
                WHEN 'A' THEN 'ALWAYS' END)
        FROM pg_trigger AS t
        WHERE t.tgrelid = relation AND NOT t.tgisinternal
        UNION ALL
        SELECT pg_get_ruledef(r.oid)
        FROM pg_rewrite AS r
        WHERE r.ev_class = relation AND r.rulename <> '_RETURN'
    ) AS s (line);
$$;

CREATE OR REPLACE FUNCTION dsvault_facts.partitions_of(relation regclass)
    RETURNS text[]
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(array_agg(format('%s %s', c.oid::regclass, pg_get_expr(c.relpartbound, c.oid))
        ORDER BY c.oid::regclass::text), '{}')
    FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
    WHERE i.inhparent = relation;
$$;

COMMENT ON FUNCTION dsvault_facts.table_of(regclass) IS
    'Kind, partition key, persistence, owner and options of one relation, as one line; '
    'of a view a digest of its body too.';
COMMENT ON FUNCTION dsvault_facts.columns_of(regclass) IS
    'One line a column: name, type, collation if unusual, NOT NULL, identity, generation, '
    'default.';
COMMENT ON FUNCTION dsvault_facts.constraints_of(regclass) IS
    'One line a constraint but NOT NULL: name, definition, NOT VALID or SWITCHED OFF if it is.';
COMMENT ON FUNCTION dsvault_facts.indexes_of(regclass) IS
    'One line an index: its definition, INVALID or NOT READY if it is.';
COMMENT ON FUNCTION dsvault_facts.triggers_of(regclass) IS
    'One line a trigger or rule: its definition, and its state if that is not the usual one.';
COMMENT ON FUNCTION dsvault_facts.partitions_of(regclass) IS
    'One line a partition: its name and bounds.';

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA dsvault_facts FROM PUBLIC;

COMMIT;
