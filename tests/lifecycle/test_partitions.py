"""Months of the audit trail: made ahead, by however many at once, and after they were forgotten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from tests.schema.builders import insert
from tests.support.actors import as_role
from tests.support.servers import eventually

if TYPE_CHECKING:
    from uuid import UUID

    from psycopg import Connection
    from tests.schema.builders import Tenant
    from tests.support.database import Database


def entry(conn: Connection, tenant: Tenant, moment: str) -> UUID:
    return insert(
        conn, "audit_logs", tenant_id=tenant.id, action="record.read", resource_type="record",
        created_at=moment,
    )  # fmt: skip


def partitions(conn: Connection) -> dict[str, str]:
    rows = conn.execute(
        """SELECT c.relname, pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits AS i
           JOIN pg_class AS c ON c.oid = i.inhrelid
           WHERE i.inhparent = 'dsvault.audit_logs'::regclass"""
    )
    return dict(rows.fetchall())


def ensure(conn: Connection, months: int = 3) -> int:
    with as_role(conn, "dsvault_operator"):
        row = conn.execute("SELECT dsvault.ensure_audit_partitions(%s)", [months]).fetchone()
    assert row is not None
    return row[0]


def place(conn: Connection, row: UUID) -> str:
    found = conn.execute(
        "SELECT tableoid::regclass::text FROM dsvault.audit_logs WHERE id = %s", [row]
    ).fetchall()
    [(name,)] = found
    return name


@pytest.mark.parametrize(
    "moments",
    [
        pytest.param([f"2019-{month:02d}-15" for month in range(1, 13)], id="a missed year"),
        pytest.param(["2061-07-01 00:00:00+00", "2061-07-31 23:59:59+00"], id="a clock ahead"),
    ],
)
def test_rows_of_months_that_nobody_made_move_to_their_own(
    conn: Connection, alpha: Tenant, moments: list[str]
) -> None:
    rows = {entry(conn, alpha, moment): moment[:7].replace("-", "_") for moment in moments}
    assert {place(conn, row) for row in rows} == {"dsvault.audit_logs_default"}
    contents = "SELECT * FROM dsvault.audit_logs ORDER BY id"
    before = conn.execute(contents).fetchall()
    assert ensure(conn) == len(set(rows.values()))
    assert {row: place(conn, row) for row in rows} == {
        row: f"dsvault.audit_logs_{month}" for row, month in rows.items()
    }
    assert conn.execute(contents).fetchall() == before
    assert conn.execute("SELECT count(*) FROM dsvault.audit_logs_default").fetchone() == (0,)
    assert ensure(conn) == 0


def test_what_is_made_is_closed_as_the_others_are(conn: Connection, alpha: Tenant) -> None:
    entry(conn, alpha, "2019-05-05")
    ensure(conn, 12)
    states = conn.execute(
        """SELECT DISTINCT c.relrowsecurity, c.relforcerowsecurity,
               (SELECT array_agg(a.grantee::regrole) FROM aclexplode(c.relacl) AS a
                WHERE a.grantee <> c.relowner),
               obj_description(c.oid) IS NOT NULL, pg_get_userbyid(c.relowner),
               (SELECT count(*) FROM pg_index AS x WHERE x.indrelid = c.oid AND x.indisvalid),
               (SELECT count(*) FROM pg_trigger AS t WHERE t.tgrelid = c.oid)
           FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
           WHERE i.inhparent = 'dsvault.audit_logs'::regclass"""
    ).fetchall()
    assert len(states) == 1
    assert states[0][:5] == (True, True, None, True, "dsvault_owner")
    for name in partitions(conn):
        sound = conn.execute(
            "SELECT unnest(dsvault_facts.everything_of(%s::regclass))", [f"dsvault.{name}"]
        ).fetchall()
        assert not any("INVALID" in line for (line,) in sound)


def test_the_verify_scripts_are_content_after_maintenance(conn: Connection, alpha: Tenant) -> None:
    before = conn.execute("SELECT dsvault_facts.everything()").fetchone()
    entry(conn, alpha, "2019-05-05")
    ensure(conn, 12)
    assert conn.execute("SELECT dsvault_facts.everything()").fetchone() == before


def test_maintainers_at_the_same_moment_make_each_month_once(
    vault: Database, conn: Connection, alpha: Tenant
) -> None:
    entry(conn, alpha, "2019-05-05")
    conn.commit()
    before = len(partitions(conn))
    conn.commit()

    def run(_: int) -> int:
        with vault.connect(superuser=True) as other:
            made = ensure(other, 24)
            other.commit()
            return made

    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    with ThreadPoolExecutor(3) as pool, vault.connect(superuser=True) as first:
        first.execute("SELECT")  # so that its transaction stays open
        made = ensure(first, 24)
        others = pool.map(run, range(3))
        eventually(lambda: conn.execute(waiting).fetchone() == (3,), 60)
        first.commit()
    assert list(others) == [0, 0, 0]
    assert len(partitions(conn)) == before + made
    assert len(set(partitions(conn).values())) == len(partitions(conn))


def test_a_writer_during_maintenance_loses_nothing(
    vault: Database, conn: Connection, alpha: Tenant
) -> None:
    entry(conn, alpha, "2019-05-05")
    conn.commit()

    def write(number: int) -> None:
        with vault.connect(superuser=True) as other:
            entry(other, alpha, f"2019-{number % 12 + 1:02d}-05")
            other.commit()

    def run(_: int) -> None:
        with vault.connect(superuser=True) as other:
            ensure(other)
            other.commit()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: run(n) if n % 4 == 0 else write(n), range(24)))
    ensure(conn)
    count = "SELECT count(*) FROM dsvault.audit_logs WHERE created_at < '2020-01-01'"
    assert conn.execute(count).fetchone() == (19,)
    assert conn.execute("SELECT count(*) FROM dsvault.audit_logs_default").fetchone() == (0,)
