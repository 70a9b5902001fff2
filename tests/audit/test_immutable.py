"""Ruling 29 of sql/design/corrections.md: the trail is only ever added to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql
from tests.audit.trail import Trail
from tests.schema.builders import new_dataset
from tests.support.actors import as_role

if TYPE_CHECKING:
    from uuid import UUID

    from tests.schema.builders import Tenant

CHANGES = ("UPDATE {} SET action = 'nothing'", "DELETE FROM {}", "TRUNCATE {} CASCADE")


def places(conn: psycopg.Connection) -> list[sql.Composable]:
    """Return the trail and each of its partitions, one of them made by maintenance."""
    conn.execute("SELECT dsvault.ensure_audit_partitions(5)")
    rows = conn.execute(
        """SELECT c.relname::text
           FROM pg_class AS c LEFT JOIN pg_inherits AS i ON i.inhrelid = c.oid
           WHERE 'dsvault.audit_logs'::regclass IN (c.oid, i.inhparent)"""
    ).fetchall()
    return [sql.Identifier("dsvault", name) for (name,) in rows]


def in_default(conn: psycopg.Connection, tenant: Tenant) -> None:
    """Write an entry that no month covers."""
    conn.execute(
        """INSERT INTO dsvault.audit_logs (tenant_id, action, resource_type, created_at)
           VALUES (%s, 'x.y', 'x', '1999-01-01')""",
        [tenant.id],
    )


def is_refused(conn: psycopg.Connection, statement: sql.Composed) -> bool:
    """Whether a statement is refused as a change of the trail; else it must have found nothing."""
    try:
        changed = conn.execute(statement).rowcount
    except psycopg.Error as error:
        return error.sqlstate == "DV801"
    assert changed == 0, statement
    return False


@pytest.mark.parametrize("change", CHANGES)
def test_not_even_a_superuser_changes_an_entry_while_the_triggers_stand(
    conn: psycopg.Connection, alpha: Tenant, change: str
) -> None:
    in_default(conn, alpha)
    refused = 0
    for place in places(conn):
        conn.execute("SAVEPOINT change")
        refused += is_refused(conn, sql.SQL(change).format(place))
        conn.execute("ROLLBACK TO change")
    # The trail itself, this month, and the default; the other months are empty.
    assert refused >= 3
    assert change != CHANGES[2] or refused == len(places(conn))


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("forced", [True, False])
def test_the_owner_changes_no_entry(
    conn: psycopg.Connection, alpha: Tenant, change: str, forced: bool
) -> None:
    new_dataset(conn, alpha)
    if not forced:
        conn.execute("ALTER TABLE dsvault.audit_logs NO FORCE ROW LEVEL SECURITY")
    statement = sql.SQL(change).format(sql.Identifier("dsvault", "audit_logs"))
    if forced and change != CHANGES[2]:
        with as_role(conn, "dsvault_owner"):
            assert conn.execute(statement).rowcount == 0
        return
    with pytest.raises(psycopg.Error) as refused, as_role(conn, "dsvault_owner"):
        conn.execute(statement)
    assert refused.value.sqlstate == "DV801"


@pytest.mark.parametrize("role", ["dsvault_definer", "dsvault_recorder", "dsvault_operator"])
@pytest.mark.parametrize("change", CHANGES)
def test_no_role_of_the_vault_is_granted_to_change_an_entry(
    conn: psycopg.Connection, role: str, change: str
) -> None:
    for place in places(conn):
        conn.execute("SAVEPOINT place")
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"),
            as_role(conn, role),
        ):
            conn.execute(sql.SQL(change).format(place))
        conn.execute("ROLLBACK TO place")


def entry_of(conn: psycopg.Connection, dataset: UUID) -> UUID:
    row = conn.execute(
        "SELECT id FROM dsvault.audit_logs WHERE resource_id = %s", [dataset]
    ).fetchone()
    assert row is not None
    return row[0]


def remove(conn: psycopg.Connection, entry: UUID) -> int:
    """Remove an entry as an owner who lifted FORCE."""
    with as_role(conn, "dsvault_owner"):
        return conn.execute("DELETE FROM dsvault.audit_logs WHERE id = %s", [entry]).rowcount


def test_an_owner_who_breaks_the_glass_says_so_and_that_stays(
    conn: psycopg.Connection, alpha: Tenant
) -> None:
    entry = entry_of(conn, new_dataset(conn, alpha))
    conn.execute("ALTER TABLE dsvault.audit_logs NO FORCE ROW LEVEL SECURITY")
    trail = Trail(conn)
    with as_role(conn, "dsvault_owner"):
        conn.execute("SELECT dsvault.break_audit_glass('court order 7', %s)", [alpha.id])
    assert remove(conn, entry) == 1
    (broken,) = trail.new()
    assert (broken.action, broken.tenant_id) == ("audit.break_glass", alpha.id)
    assert broken.details["reason"] == "court order 7"
    with pytest.raises(psycopg.Error) as refused, as_role(conn, "dsvault_owner"):
        conn.execute("DELETE FROM dsvault.audit_logs WHERE action = 'audit.break_glass'")
    assert refused.value.sqlstate == "DV801"


def test_a_broken_glass_opens_one_tenant_only(
    conn: psycopg.Connection, alpha: Tenant, beta: Tenant
) -> None:
    entry = entry_of(conn, new_dataset(conn, beta))
    conn.execute("ALTER TABLE dsvault.audit_logs NO FORCE ROW LEVEL SECURITY")
    with as_role(conn, "dsvault_owner"):
        conn.execute("SELECT dsvault.break_audit_glass('court order 7', %s)", [alpha.id])
    with pytest.raises(psycopg.Error) as refused:
        remove(conn, entry)
    assert refused.value.sqlstate == "DV801"


def test_a_broken_glass_is_whole_again_in_the_next_transaction(
    conn: psycopg.Connection, alpha: Tenant
) -> None:
    entry = entry_of(conn, new_dataset(conn, alpha))
    conn.execute("SELECT dsvault.break_audit_glass('court order 7')")
    conn.commit()
    conn.execute("ALTER TABLE dsvault.audit_logs NO FORCE ROW LEVEL SECURITY")
    with pytest.raises(psycopg.Error) as refused:
        remove(conn, entry)
    assert refused.value.sqlstate == "DV801"


@pytest.mark.parametrize("reason", ["", "  ", None])
def test_the_glass_is_not_broken_without_a_reason(
    conn: psycopg.Connection, reason: str | None
) -> None:
    with pytest.raises(psycopg.Error) as refused, as_role(conn, "dsvault_owner"):
        conn.execute("SELECT dsvault.break_audit_glass(%s)", [reason])
    assert refused.value.sqlstate == "DV802"


@pytest.mark.parametrize("role", ["dsvault_app", "dsvault_auditor", "dsvault_operator"])
def test_only_the_owner_breaks_the_glass(conn: psycopg.Connection, role: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), as_role(conn, role):
        conn.execute("SELECT dsvault.break_audit_glass('because')")
