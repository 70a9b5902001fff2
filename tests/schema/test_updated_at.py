"""updated_at tells when a row last changed, on every table that has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.schema.builders import insert, new_dataset

if TYPE_CHECKING:
    from uuid import UUID

    from psycopg import Connection
    from tests.schema.builders import Tenant

# A column of each that may be set to anything.
COLUMNS = {"tenants": "name", "users": "name", "roles": "description", "datasets": "description"}
LONG_AGO = "2020-01-01 00:00:00+00"


def rows(conn: Connection, tenant: Tenant) -> dict[str, UUID]:
    """Make a row of each table that was last changed long ago."""
    made = {
        "tenants": tenant.id,
        "users": tenant.admin,
        "roles": insert(conn, "roles", tenant_id=tenant.id, name="clerk", permissions="[]"),
        "datasets": new_dataset(conn, tenant),
    }
    conn.execute("SET LOCAL session_replication_role = replica")
    for table in made:
        conn.execute(f"UPDATE dsvault.{table} SET updated_at = %s".encode(), [LONG_AGO])
    conn.execute("SET LOCAL session_replication_role = origin")
    return made


def update(conn: Connection, table: str, row: UUID, change: str) -> str:
    """Change a row; return whether it was updated long ago, now, or at another time."""
    found = conn.execute(
        f"""UPDATE dsvault.{table} SET {change} WHERE id = %s
            RETURNING CASE updated_at WHEN %s THEN 'long ago' WHEN now() THEN 'now'
                ELSE 'at another time' END""".encode(),
        [row, LONG_AGO],
    ).fetchone()
    assert found is not None
    return str(found[0])


def test_every_table_that_has_it_is_asked_about_here(conn: Connection) -> None:
    found = conn.execute(
        """SELECT c.relname FROM pg_class AS c
               JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'updated_at'
           WHERE c.relnamespace = 'dsvault'::regnamespace AND c.relkind IN ('r', 'p')"""
    ).fetchall()
    assert {name for (name,) in found} == set(COLUMNS)


def test_a_change_is_noted(conn: Connection, alpha: Tenant) -> None:
    for table, row in rows(conn, alpha).items():
        assert update(conn, table, row, f"{COLUMNS[table]} = 'other'") == "now", table


def test_an_update_that_changes_nothing_leaves_it(conn: Connection, alpha: Tenant) -> None:
    for table, row in rows(conn, alpha).items():
        column = COLUMNS[table]
        assert update(conn, table, row, f"{column} = {column}") == "long ago", table


def test_nobody_says_it_otherwise(conn: Connection, alpha: Tenant) -> None:
    for table, row in rows(conn, alpha).items():
        assert update(conn, table, row, "updated_at = '2061-01-01'") == "now", table
