"""Every object of the vault says what it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import psycopg

SILENT = {
    "schemas": """SELECT n.nspname FROM pg_namespace AS n
        WHERE n.nspname LIKE 'dsvault%' AND obj_description(n.oid, 'pg_namespace') IS NULL""",
    "tables": """SELECT c.oid::regclass::text FROM pg_class AS c
        WHERE c.relnamespace::regnamespace::text LIKE 'dsvault%' AND c.relkind IN ('r', 'p', 'v')
            AND obj_description(c.oid, 'pg_class') IS NULL""",
    "columns": """SELECT format('%s.%s', c.oid::regclass, a.attname)
        FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
        WHERE c.relnamespace::regnamespace::text LIKE 'dsvault%' AND c.relkind IN ('r', 'p', 'v')
            AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
            AND col_description(c.oid, a.attnum) IS NULL""",
    "functions": """SELECT p.oid::regprocedure::text FROM pg_proc AS p
        WHERE p.pronamespace::regnamespace::text LIKE 'dsvault%'
            AND obj_description(p.oid, 'pg_proc') IS NULL""",
    "policies": """SELECT format('%s on %s', p.polname, p.polrelid::regclass) FROM pg_policy AS p
        WHERE obj_description(p.oid, 'pg_policy') IS NULL""",
    "roles": """SELECT r.rolname FROM pg_roles AS r
        WHERE r.rolname IN ('dsvault_owner', 'dsvault_definer', 'dsvault_app', 'dsvault_reader',
                'dsvault_auditor', 'dsvault_operator', 'dsvault_recorder', 'dsvault_finder')
            AND shobj_description(r.oid, 'pg_authid') IS NULL""",
    "GIN indexes": """SELECT c.oid::regclass::text
        FROM pg_class AS c JOIN pg_am AS a ON a.oid = c.relam
        WHERE c.relnamespace = 'dsvault'::regnamespace AND a.amname = 'gin'
            AND NOT c.relispartition AND obj_description(c.oid, 'pg_class') IS NULL""",
}
MUTE = {
    "schemas": "COMMENT ON SCHEMA dsvault IS NULL",
    "tables": "COMMENT ON TABLE dsvault.records_p3 IS NULL",
    "columns": "COMMENT ON COLUMN dsvault.tokens.id IS NULL",
    "functions": "COMMENT ON FUNCTION dsvault.leave() IS NULL",
    "policies": "COMMENT ON POLICY dataset_read_policy ON dsvault.datasets IS NULL",
    "roles": "COMMENT ON ROLE dsvault_app IS NULL",
    "GIN indexes": "COMMENT ON INDEX dsvault.idx_datasets_tags IS NULL",
}


@pytest.mark.parametrize("kind", SILENT)
def test_nothing_is_without_a_comment_and_what_loses_it_is_found(
    conn: psycopg.Connection, kind: str
) -> None:
    assert conn.execute(SILENT[kind]).fetchall() == []
    conn.execute(MUTE[kind])
    assert len(conn.execute(SILENT[kind]).fetchall()) == 1
