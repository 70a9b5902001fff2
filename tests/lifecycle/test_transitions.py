"""Every status that a version, a schema or a key can have, and every way from each to each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.schema.builders import HASH, insert, new_dataset, new_key

if TYPE_CHECKING:
    from uuid import UUID

    from psycopg import Connection
    from tests.schema.builders import Tenant

STATUSES = {
    "version": ("draft", "published", "archived", "corrupted"),
    "schema": ("draft", "active", "deprecated", "archived"),
    "key": ("active", "rotated", "expired", "revoked"),
}
TABLES = {"version": "dataset_versions", "schema": "schemas", "key": "encryption_keys"}
# Written down a second time on purpose: the function must not drift from what was decided.
ALLOWED = {
    "version": {
        (None, "draft"),
        (None, "published"),
        ("draft", "published"),
        ("published", "archived"),
        ("archived", "published"),
        ("published", "corrupted"),
        ("archived", "corrupted"),
    },
    "schema": {
        (None, "draft"),
        (None, "active"),
        ("draft", "active"),
        ("draft", "archived"),
        ("active", "deprecated"),
        ("deprecated", "active"),
        ("active", "archived"),
        ("deprecated", "archived"),
    },
    "key": {
        (None, "active"),
        (None, "rotated"),
        (None, "expired"),
        ("active", "rotated"),
        ("active", "expired"),
        ("rotated", "expired"),
        ("active", "revoked"),
        ("rotated", "revoked"),
        ("expired", "revoked"),
    },
}
PAIRS = [
    (kind, before, after)
    for kind, statuses in STATUSES.items()
    for before in (None, *statuses)
    for after in statuses
    if before != after
]


def begin(conn: Connection, tenant: Tenant, kind: str, status: str) -> UUID:
    """Make a row of a kind in a status."""
    own = {"tenant_id": tenant.id, "status": status}
    if kind == "schema":
        return insert(conn, "schemas", **own, name="s", definition="{}", created_by=tenant.admin)
    if kind == "key":
        return new_key(conn, tenant, status=status)
    names = ("commit_id", "tree_hash", "manifest_hash")
    own |= {"dataset_id": new_dataset(conn, tenant), "author_id": tenant.admin, "message": "m"}
    own |= {"version_number": 1, "storage_path": "/"} | dict.fromkeys(names, HASH)
    return insert(conn, "dataset_versions", **own)


def become(conn: Connection, kind: str, row: UUID, status: str) -> None:
    statement = f"UPDATE dsvault.{TABLES[kind]} SET status = %s WHERE id = %s"
    assert conn.execute(statement.encode(), [status, row]).rowcount == 1


def way_to(kind: str, status: str) -> list[str]:
    """Return the statuses that lead from nothing to one of them, which comes last."""
    ways = [[after] for before, after in ALLOWED[kind] if before is None]
    while True:
        for way in ways:
            if way[-1] == status:
                return way
        ways = [[*way, b] for way in ways for a, b in ALLOWED[kind] if a == way[-1]]


def go(conn: Connection, tenant: Tenant, kind: str, way: list[str]) -> UUID:
    row = begin(conn, tenant, kind, way[0])
    for status in way[1:]:
        become(conn, kind, row, status)
    return row


def test_the_table_of_transitions_says_what_was_decided(conn: Connection) -> None:
    found = conn.execute(
        "SELECT kind, from_status, to_status FROM dsvault.status_transitions()"
    ).fetchall()
    assert {(kind, *pair) for kind, pairs in ALLOWED.items() for pair in pairs} == set(found)
    assert len(found) == len(set(found))


def test_the_table_of_transitions_names_the_statuses_that_there_are(conn: Connection) -> None:
    for kind, table in TABLES.items():
        row = conn.execute(
            """SELECT pg_get_constraintdef(oid) FROM pg_constraint
               WHERE conrelid = %s::regclass AND conname LIKE '%%status_check'""",
            [f"dsvault.{table}"],
        ).fetchone()
        assert row is not None
        assert all(f"'{status}'" in row[0] for status in STATUSES[kind])
        assert row[0].count("::character varying") == len(STATUSES[kind])


@pytest.mark.parametrize(("kind", "before", "after"), PAIRS)
def test_a_status_follows_another_as_declared_and_not_otherwise(
    conn: Connection, alpha: Tenant, kind: str, before: str | None, after: str
) -> None:
    way = way_to(kind, before) if before else []
    if (before, after) in ALLOWED[kind]:
        go(conn, alpha, kind, [*way, after])
        return
    with pytest.raises(psycopg.Error) as refused, conn.transaction():
        go(conn, alpha, kind, [*way, after])
    assert refused.value.sqlstate == "DV701"
    assert refused.value.diag.message_detail
    assert "status_transitions" in (refused.value.diag.message_hint or "")


def test_the_refusal_says_what_would_be_allowed(conn: Connection, alpha: Tenant) -> None:
    version = begin(conn, alpha, "version", "draft")
    with pytest.raises(psycopg.Error, match="cannot become corrupted from draft") as refused:
        become(conn, "version", version, "corrupted")
    assert refused.value.diag.message_detail == "From draft it may become: published."


def test_several_rows_are_refused_together_if_one_of_them_must_be(
    conn: Connection, alpha: Tenant
) -> None:
    version = go(conn, alpha, "version", ["draft"])
    other = insert(
        conn, "dataset_versions", tenant_id=alpha.id, status="published", version_number=2,
        dataset_id=conn.execute("SELECT dataset_id FROM dsvault.dataset_versions").fetchone()[0],
        author_id=alpha.admin, message="m", storage_path="/",
        commit_id=HASH, tree_hash=HASH, manifest_hash=HASH,
    )  # fmt: skip
    with pytest.raises(psycopg.Error), conn.transaction():
        conn.execute("UPDATE dsvault.dataset_versions SET status = 'archived'")
    found = conn.execute("SELECT id, status FROM dsvault.dataset_versions").fetchall()
    assert set(found) == {(version, "draft"), (other, "published")}
