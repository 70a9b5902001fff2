"""A month of the trail that holds entries is not dropped or detached, not by the owner either."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.lifecycle.test_partitions import ensure, entry
from tests.schema.builders import new_dataset, new_tenant
from tests.support.actors import as_role

from dsvault.db import Session
from dsvault.ops.audit.reading import Reader
from dsvault.ops.audit.verify import verify_in
from dsvault.target import parse_target

if TYPE_CHECKING:
    from tests.schema.builders import Tenant
    from tests.support.database import Database

FOREIGN_KEY, DEPENDENT, REFERENCED, DENIED = "23503", "2BP01", "0A000", "42501"
MONTH = "dsvault.audit_logs_2019_05"
WAYS = {
    "detach": ("ALTER TABLE dsvault.audit_logs DETACH PARTITION {}", DENIED),
    "detach what may be read": (
        (
            "ALTER TABLE {0} NO FORCE ROW LEVEL SECURITY; GRANT SELECT ON {0} TO dsvault_owner;"
            "ALTER TABLE dsvault.audit_logs DETACH PARTITION {0}"
        ),
        FOREIGN_KEY,
    ),
    "detach concurrently": (
        "ALTER TABLE dsvault.audit_logs DETACH PARTITION {} CONCURRENTLY",
        "25001|55000",
    ),
    "drop": ("DROP TABLE {}", DEPENDENT),
    "drop the trail": ("DROP TABLE dsvault.audit_logs", DEPENDENT),
    "truncate": ("TRUNCATE {}", REFERENCED),
    "truncate cascade": ("TRUNCATE {} CASCADE", "DV801"),
    "remove the anchors": ("DELETE FROM dsvault_private.audit_anchors", "DV801"),
    "move the anchors": (
        "UPDATE dsvault_private.audit_anchors SET entry_id = gen_random_uuid()",
        "DV801",
    ),
    "truncate the anchors": ("TRUNCATE dsvault_private.audit_anchors", "DV801"),
    "switch the key off": (
        "ALTER TABLE dsvault_private.audit_anchors DISABLE TRIGGER ALL",
        DENIED,
    ),
}


@pytest.fixture
def months(conn: psycopg.Connection, alpha: Tenant) -> list[str]:
    """An old month and this one, sealed, as the names of their partitions."""
    entry(conn, alpha, "2019-05-05")
    ensure(conn)
    new_dataset(conn, alpha)
    conn.execute("SELECT FROM dsvault.seal_audit()")
    row = conn.execute(
        "SELECT tableoid::regclass::text FROM dsvault.audit_logs ORDER BY created_at DESC LIMIT 1"
    ).fetchone()
    assert row is not None
    return [MONTH, row[0]]


def anchored(conn: psycopg.Connection) -> set[str]:
    """Return the partitions that an anchor holds."""
    rows = conn.execute(
        """SELECT e.tableoid::regclass::text FROM dsvault_private.audit_anchors AS a
               JOIN dsvault.audit_logs AS e ON e.tenant_id = a.entry_tenant
                   AND e.created_at = a.entry_time AND e.id = a.entry_id"""
    )
    return {name for (name,) in rows}


@pytest.mark.parametrize("way", WAYS)
def test_the_owner_removes_no_month_that_holds_entries(
    conn: psycopg.Connection, months: list[str], way: str
) -> None:
    statement, codes = WAYS[way]
    for month in months:
        conn.execute("SAVEPOINT way")
        with pytest.raises(psycopg.Error) as refused, as_role(conn, "dsvault_owner"):
            conn.execute(statement.format(month).encode())
        assert refused.value.sqlstate in codes.split("|"), refused.value
        conn.execute("ROLLBACK TO way")


def test_not_even_a_superuser_detaches_a_month_by_mistake(
    conn: psycopg.Connection, months: list[str]
) -> None:
    for month in months:
        conn.execute("SAVEPOINT month")
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            conn.execute(f"ALTER TABLE dsvault.audit_logs DETACH PARTITION {month}".encode())
        conn.execute("ROLLBACK TO month")


def test_every_month_with_entries_is_held_once_it_is_sealed(
    conn: psycopg.Connection, alpha: Tenant, months: list[str]
) -> None:
    assert anchored(conn) == set(months)
    entry(conn, alpha, "1999-12-31")
    conn.execute("SELECT FROM dsvault.seal_audit()")
    assert anchored(conn) == {*months, "dsvault.audit_logs_default"}
    assert ensure(conn) == 1
    assert anchored(conn) == {*months, "dsvault.audit_logs_1999_12"}


def test_an_entry_that_is_removed_behind_a_broken_glass_takes_its_anchor_along(
    conn: psycopg.Connection, alpha: Tenant, months: list[str]
) -> None:
    entry(conn, alpha, "2019-05-06")
    conn.execute("ALTER TABLE dsvault.audit_logs NO FORCE ROW LEVEL SECURITY")
    with as_role(conn, "dsvault_owner"):
        conn.execute("SELECT dsvault.break_audit_glass('court order 7', %s)", [alpha.id])
        conn.execute("DELETE FROM dsvault.audit_logs WHERE created_at = '2019-05-05'")
    assert anchored(conn) == {months[1]}
    conn.execute("SELECT FROM dsvault.seal_audit()")
    assert anchored(conn) == set(months)


def test_a_glass_that_is_broken_for_all_lets_a_month_go_and_says_so(
    conn: psycopg.Connection, alpha: Tenant, months: list[str]
) -> None:
    with as_role(conn, "dsvault_owner"):
        conn.execute("SELECT dsvault.break_audit_glass('a disk is full', %s)", [alpha.id])
        conn.execute("SAVEPOINT one")
        with pytest.raises(psycopg.Error) as refused:
            conn.execute("DELETE FROM dsvault_private.audit_anchors")
        assert refused.value.sqlstate == "DV801", "the glass was broken for one tenant only"
        conn.execute("ROLLBACK TO one")
        conn.execute("SELECT dsvault.break_audit_glass('a disk is full')")
        conn.execute("DELETE FROM dsvault_private.audit_anchors WHERE entry_time < '2020-01-01'")
        conn.execute(f"GRANT SELECT ON {MONTH} TO dsvault_owner".encode())
        conn.execute(f"ALTER TABLE dsvault.audit_logs DETACH PARTITION {MONTH}".encode())
    said = conn.execute(
        """SELECT count(*) FROM dsvault.audit_logs
           WHERE action = 'audit.break_glass' AND details ->> 'reason' = 'a disk is full'"""
    ).fetchone()
    assert said == (2,)


@pytest.mark.parametrize(
    "statement",
    [
        f"DROP TABLE {MONTH} CASCADE",
        (
            f"GRANT SELECT ON {MONTH} TO dsvault_owner;"
            f"ALTER TABLE dsvault.audit_logs DETACH PARTITION {MONTH}"
        ),
        (
            "ALTER TABLE dsvault_private.audit_anchors DROP CONSTRAINT audit_anchors_entry_fk;"
            f"ALTER TABLE dsvault.audit_logs DETACH PARTITION {MONTH}"
        ),
    ],
)
def test_what_the_owner_can_still_drop_is_found(vault: Database, statement: str) -> None:
    """The limits that the README states: CASCADE, and taking a guard off first."""
    with vault.connect(superuser=True, autocommit=True) as owner:
        lost = entry(owner, new_tenant(owner, "alpha"), "2019-05-05")
        ensure(owner)
        owner.execute("SELECT FROM dsvault.seal_audit()")
        with as_role(owner, "dsvault_owner"):
            owner.execute(statement.encode())
        with owner.transaction():
            session = Session(owner.pgconn, parse_target(vault.superuser_url))
            findings = verify_in(session, Reader()).findings
    assert [(one.entry_id, one.what) for one in findings] == [
        (str(lost), "removed after it was sealed")
    ]
