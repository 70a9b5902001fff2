"""Faults to plant: at least one for every claim of a verify script, derived from the catalog.

Each is a statement that a superuser runs in a transaction that is rolled back. The catalog is asked
what there is, so a new column, index, policy or grant brings its own mutations along.
"""

# ruff: noqa: E501 - a statement reads best on one line
from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from psycopg import sql
from tests.verify.scripts import routines, tables, triggers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psycopg import Connection

_TABLE = """
WITH t AS (SELECT %(table)s::regclass AS oid)
SELECT format('ALTER TABLE %%s RENAME COLUMN %%I TO renamed', t.oid, a.attname)
FROM t JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT format('ALTER TABLE %%s ALTER %%I DROP DEFAULT', t.oid, a.attname)
FROM t JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.atthasdef
UNION ALL
SELECT format('ALTER TABLE %%s ALTER %%I DROP NOT NULL', t.oid, a.attname)
FROM t JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum > 0 AND a.attnotnull
WHERE NOT EXISTS (SELECT FROM pg_index AS i
    WHERE i.indrelid = t.oid AND i.indisprimary AND a.attnum = ANY (i.indkey))
UNION ALL
SELECT format('ALTER TABLE %%s ALTER %%I TYPE varchar(99)', t.oid, a.attname)
FROM t JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.atttypid = 'varchar'::regtype
WHERE NOT EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = t.oid
        AND pg_get_expr(p.polqual, t.oid) ~ a.attname)
    AND NOT EXISTS (SELECT FROM pg_trigger AS g WHERE g.tgrelid = t.oid
        AND (a.attnum = ANY (g.tgattr) OR pg_get_triggerdef(g.oid) ~* ('(old|new)[.]' || a.attname)))
UNION ALL
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I CASCADE', t.oid, c.conname)
FROM t JOIN pg_constraint AS c ON c.conrelid = t.oid AND c.contype IN ('c', 'f', 'p', 'u', 'x')
WHERE c.conparentid = 0
UNION ALL
SELECT format('ALTER TABLE %%s RENAME CONSTRAINT %%I TO renamed', t.oid, c.conname)
FROM t JOIN pg_constraint AS c ON c.conrelid = t.oid AND c.contype IN ('c', 'f', 'p', 'u', 'x')
WHERE c.conparentid = 0
UNION ALL
SELECT format('DROP INDEX %%s', i.indexrelid::regclass)
FROM t JOIN pg_index AS i ON i.indrelid = t.oid
WHERE NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = i.indexrelid)
UNION ALL
SELECT format('UPDATE pg_index SET indisvalid = false WHERE indexrelid = %%s', i.indexrelid)
FROM t JOIN pg_index AS i ON i.indrelid = t.oid
UNION ALL
SELECT format('UPDATE pg_index SET indisready = false WHERE indexrelid = %%s', i.indexrelid)
FROM t JOIN pg_index AS i ON i.indrelid = t.oid
UNION ALL
SELECT format('COMMENT ON INDEX %%s IS NULL', i.indexrelid::regclass)
FROM t JOIN pg_index AS i ON i.indrelid = t.oid
WHERE obj_description(i.indexrelid, 'pg_class') IS NOT NULL
UNION ALL
SELECT format('COMMENT ON COLUMN %%s.%%I IS NULL', t.oid, a.attname)
FROM t JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT format(s.statement, t.oid)
FROM t, unnest(ARRAY['COMMENT ON TABLE %%s IS NULL', 'COMMENT ON TABLE %%s IS ''something''',
    'ALTER TABLE %%s OWNER TO dsvault_app']) AS s (statement)
UNION ALL
SELECT format('ALTER TABLE %%s DETACH PARTITION %%s', t.oid, i.inhrelid::regclass)
FROM t JOIN pg_inherits AS i ON i.inhparent = t.oid JOIN pg_class AS c ON c.oid = i.inhrelid
WHERE c.relname !~ '[0-9]{4}_[0-9]{2}$' OR c.relname ~ to_char(now() AT TIME ZONE 'UTC', 'YYYY_MM$')
UNION ALL
SELECT format(s.statement, i.inhrelid::regclass)
FROM t JOIN pg_inherits AS i ON i.inhparent = t.oid,
    unnest(ARRAY['ALTER TABLE %%s DISABLE ROW LEVEL SECURITY',
        'ALTER TABLE %%s NO FORCE ROW LEVEL SECURITY', 'GRANT SELECT ON %%s TO dsvault_reader',
        'CREATE POLICY extra ON %%s USING (true)']) AS s (statement)
UNION ALL
SELECT format(s.statement, x.stxnamespace::regnamespace, x.stxname)
FROM t JOIN pg_inherits AS i ON i.inhparent = t.oid JOIN pg_statistic_ext AS x ON x.stxrelid = i.inhrelid,
    unnest(ARRAY['DROP STATISTICS %%s.%%I', 'ALTER STATISTICS %%s.%%I SET STATISTICS 0',
        'ALTER STATISTICS %%s.%%I RENAME TO renamed', 'ALTER STATISTICS %%s.%%I OWNER TO dsvault_app',
        'COMMENT ON STATISTICS %%s.%%I IS NULL']) AS s (statement)
"""

_POLICIES = """
WITH t AS (SELECT %(table)s::regclass AS oid), p AS (
    SELECT p.*, format('%%I ON %%s', p.polname, t.oid) AS place
    FROM t JOIN pg_policy AS p ON p.polrelid = t.oid
), roles (name) AS (
    VALUES ('dsvault_app'), ('dsvault_reader'), ('dsvault_auditor'), ('dsvault_operator'),
        ('dsvault_definer'), ('dsvault_recorder'), ('dsvault_finder'), ('public')
)
SELECT 'DROP POLICY ' || p.place FROM p
UNION ALL
SELECT 'ALTER POLICY ' || p.place || ' USING (true)' FROM p
WHERE p.polqual IS NOT NULL AND pg_get_expr(p.polqual, p.polrelid) <> 'true'
UNION ALL
SELECT 'ALTER POLICY ' || p.place || ' WITH CHECK (true)' FROM p
WHERE p.polwithcheck IS NOT NULL AND pg_get_expr(p.polwithcheck, p.polrelid) <> 'true'
UNION ALL
SELECT 'ALTER POLICY ' || p.place || ' TO PUBLIC' FROM p
UNION ALL
SELECT 'ALTER POLICY ' || p.place || ' RENAME TO renamed' FROM p
UNION ALL
SELECT 'COMMENT ON POLICY ' || p.place || ' IS NULL' FROM p
UNION ALL
SELECT format(s.statement, t.oid)
FROM t, unnest(ARRAY['ALTER TABLE %%s DISABLE ROW LEVEL SECURITY',
    'ALTER TABLE %%s NO FORCE ROW LEVEL SECURITY',
    'CREATE POLICY extra ON %%s FOR SELECT TO dsvault_app USING (true)']) AS s (statement)
UNION ALL
SELECT format('GRANT %%s ON %%s TO %%s', k.privilege, t.oid, r.name)
FROM t, roles AS r, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES',
    'TRIGGER']) AS k (privilege)
WHERE r.name = 'public' OR NOT has_table_privilege(r.name, t.oid, k.privilege)
UNION ALL
SELECT format('REVOKE %%s ON %%s FROM %%s', a.privilege_type, c.oid::regclass, a.grantee::regrole)
FROM t JOIN pg_class AS c ON c.oid = t.oid, aclexplode(c.relacl) AS a
WHERE a.grantee <> c.relowner
UNION ALL
SELECT format('REVOKE %%s (%%I) ON %%s FROM %%s', a.privilege_type, n.attname, t.oid,
    a.grantee::regrole)
FROM t JOIN pg_attribute AS n ON n.attrelid = t.oid, aclexplode(n.attacl) AS a
UNION ALL
SELECT format('GRANT UPDATE (%%I) ON %%s TO dsvault_app', n.attname, t.oid)
FROM t JOIN pg_attribute AS n ON n.attrelid = t.oid AND n.attnum > 0
WHERE NOT has_column_privilege('dsvault_app', t.oid, n.attname, 'UPDATE')
"""

_VIEW = """
WITH v AS (SELECT %(view)s::regclass AS oid)
SELECT format('ALTER VIEW %%s RENAME COLUMN %%I TO renamed', v.oid, a.attname)
FROM v JOIN pg_attribute AS a ON a.attrelid = v.oid AND a.attnum > 0
UNION ALL
SELECT format('COMMENT ON COLUMN %%s.%%I IS NULL', v.oid, a.attname)
FROM v JOIN pg_attribute AS a ON a.attrelid = v.oid AND a.attnum > 0
UNION ALL
SELECT format(s.statement, v.oid)
FROM v, unnest(ARRAY['COMMENT ON VIEW %%s IS NULL', 'ALTER VIEW %%s OWNER TO dsvault_app',
    'ALTER VIEW %%s RESET (security_invoker)', 'ALTER VIEW %%s SET (security_invoker = false)',
    'ALTER VIEW %%s SET (security_barrier = true)', 'GRANT SELECT ON %%s TO PUBLIC',
    'GRANT UPDATE ON %%s TO dsvault_app']) AS s (statement)
UNION ALL
SELECT format('CREATE OR REPLACE VIEW %%s WITH (security_invoker = true) AS SELECT * FROM (%%s) AS w',
    v.oid, rtrim(pg_get_viewdef(v.oid), ';'))
FROM v
UNION ALL
SELECT format('REVOKE %%s ON %%s FROM %%s', a.privilege_type, v.oid, a.grantee::regrole)
FROM v JOIN pg_class AS c ON c.oid = v.oid, aclexplode(c.relacl) AS a
WHERE a.grantee <> c.relowner
"""

_ROUTINE = """
WITH f AS (
    SELECT p.*, CASE p.prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END
        || p.oid::regprocedure AS place
    FROM pg_proc AS p
    WHERE p.pronamespace = %(schema)s::regnamespace AND p.proname = %(name)s
)
SELECT 'ALTER ' || f.place || CASE WHEN f.prosecdef THEN ' SECURITY INVOKER' ELSE ' SECURITY DEFINER' END
FROM f WHERE %(whole)s
UNION ALL
SELECT 'ALTER ' || f.place || CASE f.provolatile WHEN 'v' THEN ' STABLE' ELSE ' VOLATILE' END
FROM f WHERE f.prokind = 'f' AND %(whole)s
UNION ALL
SELECT 'ALTER ' || f.place || CASE f.proparallel WHEN 's' THEN ' PARALLEL UNSAFE' ELSE ' PARALLEL SAFE' END
FROM f WHERE f.prokind = 'f' AND %(whole)s
UNION ALL
SELECT 'ALTER ' || f.place || ' STRICT' FROM f WHERE f.prokind = 'f' AND %(whole)s
UNION ALL
SELECT format('UPDATE pg_proc SET prosrc = prosrc || '' '' WHERE oid = %%s', f.oid)
FROM f WHERE %(whole)s
UNION ALL
SELECT 'ALTER ' || f.place || ' SET search_path = public' FROM f
UNION ALL
SELECT 'ALTER ' || f.place || ' RESET ALL' FROM f WHERE f.proconfig IS NOT NULL
UNION ALL
SELECT 'ALTER ' || f.place || ' OWNER TO dsvault_app' FROM f
UNION ALL
SELECT 'COMMENT ON ' || f.place || ' IS NULL' FROM f
UNION ALL
SELECT 'GRANT EXECUTE ON ' || f.place || ' TO PUBLIC' FROM f
UNION ALL
SELECT format('REVOKE EXECUTE ON %%s FROM %%s', f.place, a.grantee::regrole)
FROM f, aclexplode(f.proacl) AS a
WHERE a.grantee <> f.proowner
UNION ALL
SELECT 'ALTER ' || f.place || ' RENAME TO renamed' FROM f
"""

_SCHEMA = """
SELECT format(s.statement, %(schema)s::text)
FROM unnest(ARRAY['GRANT USAGE ON SCHEMA %%I TO PUBLIC', 'GRANT CREATE ON SCHEMA %%I TO dsvault_app',
    'COMMENT ON SCHEMA %%I IS NULL', 'ALTER SCHEMA %%I OWNER TO dsvault_app']) AS s (statement)
UNION ALL
SELECT format('REVOKE USAGE ON SCHEMA %%I FROM %%s', n.nspname, a.grantee::regrole)
FROM pg_namespace AS n, aclexplode(n.nspacl) AS a
WHERE n.nspname = %(schema)s AND a.grantee <> n.nspowner
"""

_ROLE = """
SELECT format(s.statement, r.rolname)
FROM pg_roles AS r, unnest(ARRAY['ALTER ROLE %%I LOGIN', 'ALTER ROLE %%I CREATEDB',
    'ALTER ROLE %%I CREATEROLE', 'ALTER ROLE %%I BYPASSRLS', 'ALTER ROLE %%I REPLICATION',
    'ALTER ROLE %%I SUPERUSER', 'COMMENT ON ROLE %%I IS NULL',
    CASE WHEN r.rolinherit THEN 'ALTER ROLE %%I NOINHERIT' ELSE 'ALTER ROLE %%I INHERIT' END,
    CASE WHEN r.rolname <> 'dsvault_owner' THEN 'GRANT pg_read_all_data TO %%I' END]) AS s (statement)
WHERE r.rolname = %(role)s AND s.statement IS NOT NULL
"""

SYSTEM = "'00000000-0000-0000-0000-000000000000'"
_WEAK = (
    "CREATE OR REPLACE PROCEDURE dsvault_facts.{}(subject text, actual text[], expected text[])"
    " LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS 'BEGIN END'"
)
_FIXED: dict[str, list[str]] = {
    "facts/compare": [
        _WEAK.format("must_equal"),
        _WEAK.format("must_contain"),
        ("CREATE OR REPLACE FUNCTION dsvault_facts.difference(minuend text[], subtrahend text[])"
        " RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE"
        " SET search_path = pg_catalog, pg_temp AS $$ SELECT '{}'::text[] $$"),
    ],
    "privileges/database": [
        "DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO PUBLIC', current_database()); END $$",
        "DO $$ BEGIN EXECUTE format('GRANT TEMP ON DATABASE %I TO PUBLIC', current_database()); END $$",
        "GRANT CREATE ON SCHEMA public TO PUBLIC",
        "GRANT SELECT ON dsvault_private.public_privileges_before TO PUBLIC",
        "ALTER TABLE dsvault_private.public_privileges_before DROP CONSTRAINT public_privileges_before_pkey",
        "ALTER TABLE dsvault_private.public_privileges_before DROP CONSTRAINT public_privileges_before_object_check",
        "ALTER TABLE dsvault_private.public_privileges_before ADD extra text",
        "COMMENT ON TABLE dsvault_private.public_privileges_before IS NULL",
        "COMMENT ON COLUMN dsvault_private.public_privileges_before.object IS NULL",
        "COMMENT ON COLUMN dsvault_private.public_privileges_before.privilege IS NULL",
    ],
    "tables/audit_logs": ["GRANT SELECT ON dsvault.audit_logs_default TO dsvault_owner"],
    "tables/audit_anchors": [
        "GRANT SELECT ON dsvault_private.audit_anchors TO dsvault_recorder",
        "ALTER TABLE dsvault_private.audit_anchors ENABLE ROW LEVEL SECURITY",
    ],
    "privileges/defaults": [
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {role} GRANT {what} TO PUBLIC"
        for role in ("dsvault_owner", "dsvault_definer", "dsvault_recorder", "dsvault_finder")
        for what in ("EXECUTE ON FUNCTIONS", "USAGE ON TYPES", "SELECT ON TABLES")
    ],
    "seed/system_tenant": [
        f"UPDATE dsvault.tenants SET name = 'X' WHERE id = {SYSTEM}",
        f"UPDATE dsvault.tenants SET slug = 'x' WHERE id = {SYSTEM}",
        f"UPDATE dsvault.tenants SET settings = '{{}}' WHERE id = {SYSTEM}",
        f"UPDATE dsvault.tenants SET is_deleted = true WHERE id = {SYSTEM}",
        f"DELETE FROM dsvault.roles WHERE tenant_id = {SYSTEM}; DELETE FROM dsvault.tenants WHERE id = {SYSTEM}",
    ],
    "seed/role_templates": [
        f"UPDATE dsvault.roles SET permissions = permissions - 'dataset:read' WHERE tenant_id = {SYSTEM}",
        *(
            statement
            for name in ("admin", "data_scientist", "viewer", "auditor")
            for statement in (
                f"DELETE FROM dsvault.roles WHERE tenant_id = {SYSTEM} AND name = '{name}'",
                f"UPDATE dsvault.roles SET description = 'x' WHERE tenant_id = {SYSTEM} AND name = '{name}'",
                f"UPDATE dsvault.roles SET permissions = '[]' WHERE tenant_id = {SYSTEM} AND name = '{name}'",
                f"UPDATE dsvault.roles SET is_system_role = false WHERE tenant_id = {SYSTEM} AND name = '{name}'",
            )
        ),
        f"INSERT INTO dsvault.roles (tenant_id, name) VALUES ({SYSTEM}, 'extra')",
    ],
    "seal": [
        "CREATE TABLE dsvault.extra (id integer)",
        "CREATE VIEW dsvault.extra AS SELECT 1 AS one",
        "CREATE MATERIALIZED VIEW dsvault_private.extra AS SELECT 1 AS one",
        "CREATE SEQUENCE dsvault.extra",
        "CREATE TYPE dsvault.extra AS ENUM ('a')",
        "CREATE TYPE dsvault.extra AS (a integer)",
        "CREATE DOMAIN dsvault.extra AS integer",
        "CREATE FUNCTION dsvault.extra() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE dsvault.tenants ADD extra integer",
        "CREATE INDEX extra ON dsvault.users (name)",
        "ALTER TABLE dsvault.users ADD CONSTRAINT extra CHECK (true)",
        ("CREATE TRIGGER extra BEFORE UPDATE ON dsvault.tokens FOR EACH ROW"
        " EXECUTE FUNCTION dsvault.update_updated_at_column()"),
        "ALTER TABLE dsvault.tokens SET UNLOGGED",
        "ALTER TABLE dsvault.tokens SET (fillfactor = 50)",
        "GRANT dsvault_definer TO dsvault_app",
        "DROP FUNCTION dsvault.version()",
    ],
}  # fmt: skip


def mutations(conn: Connection, change: str) -> list[str]:
    """Return the statements that plant faults into what a change promises."""
    kind, _, name = change.partition("/")
    derived: dict[str, Callable[[], Iterator[str]]] = {
        "tables": lambda: chain.from_iterable(
            _rows(conn, _TABLE, table=table) for table in tables(change)
        ),
        "policies": lambda: _rows(conn, _POLICIES, table=f"dsvault.{name}"),
        "views": lambda: _rows(conn, _VIEW, view=f"dsvault.{name}"),
        "schemas": lambda: _rows(conn, _SCHEMA, schema=name),
        "roles": lambda: _rows(conn, _ROLE, role=name),
        "functions": lambda: _routines(conn, change),
        "facts": lambda: _routines(conn, change),
        "triggers": lambda: _triggers(change),
    }
    return [*derived.get(kind, lambda: iter(()))(), *_FIXED.get(change, [])]


def _rows(conn: Connection, query: str, **parameters: object) -> Iterator[str]:
    yield from (row[0] for row in conn.execute(query.encode(), parameters))


def _routines(conn: Connection, change: str) -> Iterator[str]:
    # The comparison's own script comes before the function that tells attributes and bodies.
    whole = change != "facts/compare"
    yield from chain.from_iterable(
        _rows(conn, _ROUTINE, schema=schema, name=name, whole=whole)
        for schema, name in routines(change)
    )


def _triggers(change: str) -> Iterator[str]:
    for name, table in triggers(change):
        for statement in (
            "DROP TRIGGER {name} ON {table}",
            "ALTER TABLE {table} DISABLE TRIGGER {name}",
            "ALTER TABLE {table} ENABLE REPLICA TRIGGER {name}",
            "ALTER TRIGGER {name} ON {table} RENAME TO renamed",
        ):
            yield (
                sql.SQL(statement)
                .format(name=sql.Identifier(name), table=sql.Identifier(*table.split(".")))
                .as_string()
            )
