"""Which records carry a token: found by an index, within the tenant, by permission."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.types.json import Jsonb
from tests.schema.builders import (
    HASH,
    Tenant,
    key_of,
    new_dataset,
    new_tenant,
    new_user,
    new_version,
)
from tests.support.actors import as_role, as_tenant
from tests.support.sealed import sealed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from psycopg import Connection
    from tests.support.database import Database

TOKEN, OTHER = "tok_email_A", "tok_email_B"
ROWS = 3_000


@pytest.fixture
def conn(vault: Database) -> Iterator[Connection]:
    with vault.connect(superuser=True) as conn:
        yield conn


@pytest.fixture
def tenant(conn: Connection) -> Tenant:
    return new_tenant(conn, "alpha")


def carry(conn: Connection, tenant: Tenant, *annotations: dict[str, dict[str, str]]) -> list[UUID]:
    """Make records with these annotations in a dataset of a tenant; return their ids."""
    dataset = new_dataset(conn, tenant)
    version = new_version(conn, tenant, dataset)
    rows = conn.execute(
        """INSERT INTO dsvault.records (tenant_id, dataset_id, version_id, content_hash,
               encrypted_data, pii_annotations)
           SELECT %s, %s, %s, %s, %s, a.doc
           FROM jsonb_array_elements(%s) WITH ORDINALITY AS a (doc, place) ORDER BY a.place
           RETURNING id""",
        [tenant.id, dataset, version, HASH, sealed(key_of(conn, tenant)), Jsonb(annotations)],
    )
    return [key for (key,) in rows]


def found(conn: Connection, tenant: Tenant, token: str, user: UUID | None = None) -> set[object]:
    """Return record and pointer of each place where a token is."""
    with as_tenant(conn, tenant.id, user or tenant.admin):
        rows = conn.execute("SELECT record_id, pointer FROM dsvault.token_records(%s)", [token])
        return set(rows.fetchall())


def test_records_are_found_by_a_token_and_by_that_of_its_spelling(
    conn: Connection, tenant: Tenant
) -> None:
    first, second, _ = carry(
        conn, tenant,
        {"/mail": {"type": "email", "token": TOKEN}, "/copy": {"type": "email", "token": TOKEN}},
        {"/a~1b": {"type": "email", "token": OTHER, "spelling": TOKEN}},
        {"/mail": {"type": "email", "token": OTHER}, TOKEN: {"type": TOKEN}},
    )  # fmt: skip
    assert found(conn, tenant, TOKEN) == {(first, "/mail"), (first, "/copy"), (second, "/a~1b")}


@pytest.mark.parametrize("text", ['x" || @.token != "', "\\", '"', "\n", "", "$", "tok_email_"])
def test_whatever_is_asked_for_is_a_text_and_no_part_of_a_pattern(
    conn: Connection, tenant: Tenant, text: str
) -> None:
    [record, _] = carry(conn, tenant, {"/m": {"token": text}}, {"/m": {"token": TOKEN}})
    assert found(conn, tenant, text) == {(record, "/m")}


def test_another_tenants_records_are_not_found_nor_without_the_permission(
    conn: Connection, tenant: Tenant
) -> None:
    other = new_tenant(conn, "beta")
    [mine] = carry(conn, tenant, {"/m": {"token": TOKEN}})
    [theirs] = carry(conn, other, {"/m": {"token": TOKEN}})
    nobody = new_user(conn, tenant, "nobody")

    assert found(conn, tenant, TOKEN) == {(mine, "/m")}
    assert found(conn, other, TOKEN) == {(theirs, "/m")}
    assert found(conn, tenant, TOKEN, user=nobody) == set()
    with as_role(conn, "dsvault_app"):
        assert conn.execute("SELECT FROM dsvault.token_records(%s)", [TOKEN]).fetchall() == []


def test_no_token_is_in_no_record(conn: Connection, tenant: Tenant) -> None:
    carry(conn, tenant, {"/m": {"type": "email"}})
    with as_tenant(conn, tenant.id, tenant.admin):
        assert conn.execute("SELECT FROM dsvault.token_records(NULL)").fetchall() == []


@pytest.mark.parametrize("role", ["dsvault_auditor", "dsvault_operator", "dsvault_definer"])
def test_nobody_else_may_search(conn: Connection, role: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), as_role(conn, role):
        conn.execute("SELECT dsvault.token_records('x')")


@pytest.mark.parametrize("column", ["encrypted_data", "content_hash"])
def test_the_finder_sees_no_contents(conn: Connection, column: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), as_role(conn, "dsvault_finder"):
        conn.execute(f"SELECT {column} FROM dsvault.records".encode())


def test_the_search_reads_no_record_that_does_not_carry_the_token(
    conn: Connection, tenant: Tenant
) -> None:
    carry(conn, tenant, *({"/m": {"token": f"tok_email_{number}"}} for number in range(ROWS)))
    # What VACUUM does now and then: entries that wait are put in their places.
    conn.execute(
        """SELECT gin_clean_pending_list(i.inhrelid::regclass) FROM pg_inherits AS i
           WHERE i.inhparent = 'dsvault.idx_records_pii'::regclass"""
    )
    conn.execute("ANALYZE dsvault.records")
    before = read_so_far(conn)
    [(_, pointer)] = found(conn, tenant, "tok_email_7")
    assert pointer == "/m"
    by_scan, by_index = (now - then for now, then in zip(read_so_far(conn), before, strict=True))
    assert (by_scan, by_index) == (0, 1)


def read_so_far(conn: Connection) -> tuple[int, int]:
    """Return how many records this transaction read by scans of tables, and by indexes."""
    row = conn.execute(
        """SELECT sum(s.seq_tup_read)::bigint, sum(s.idx_tup_fetch)::bigint
           FROM pg_stat_xact_all_tables AS s WHERE s.relname ~ '^records_p[0-9]+$'"""
    ).fetchone()
    assert row is not None
    return row
