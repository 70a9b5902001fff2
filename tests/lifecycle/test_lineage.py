"""Edges of lineage lead somewhere, and nothing is derived from itself."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from tests.schema.builders import insert, new_dataset, new_record, new_user, new_version
from tests.support.actors import as_tenant

if TYPE_CHECKING:
    from uuid import UUID

    from psycopg import Connection
    from tests.schema.builders import Tenant
    from tests.support.database import Database


def state(
    conn: Connection,
    tenant: Tenant,
    source: UUID,
    target: UUID,
    relationship: str = "derived_from",
    *,
    kinds: tuple[str, str] = ("dataset", "dataset"),
) -> UUID:
    """State that source was made from target."""
    return insert(
        conn, "lineage_edges", tenant_id=tenant.id, source_type=kinds[0], source_id=source,
        target_type=kinds[1], target_id=target, relationship=relationship,
    )  # fmt: skip


def datasets(conn: Connection, tenant: Tenant, count: int) -> list[UUID]:
    return [new_dataset(conn, tenant, f"d{number}") for number in range(count)]


@pytest.mark.parametrize("kind", ["dataset", "version", "record"])
@pytest.mark.parametrize("end", ["source", "target"])
def test_both_ends_of_an_edge_exist_in_the_tenant(
    conn: Connection, alpha: Tenant, beta: Tenant, kind: str, end: str
) -> None:
    made = {}
    for tenant in (alpha, beta):
        dataset = new_dataset(conn, tenant)
        version = new_version(conn, tenant, dataset)
        record = new_record(conn, tenant, dataset, version)
        made[tenant] = {"dataset": dataset, "version": version, "record": record}
    other = new_dataset(conn, alpha, "other")

    def try_(row: UUID) -> None:
        pair, kinds = (row, other), (kind, "dataset")
        if end == "target":
            pair, kinds = (other, row), ("dataset", kind)
        state(conn, alpha, *pair, kinds=kinds)

    try_(made[alpha][kind])
    for absent in (made[beta][kind], uuid4()):
        with (
            pytest.raises(psycopg.Error, match=f"there is no {kind}") as refused,
            conn.transaction(),
        ):
            try_(absent)
        assert refused.value.sqlstate == "DV706"


def test_a_transformation_is_anything(conn: Connection, alpha: Tenant) -> None:
    dataset = new_dataset(conn, alpha)
    state(conn, alpha, dataset, uuid4(), "transformed_by", kinds=("dataset", "transformation"))


def test_an_edge_stays_when_what_it_leads_to_is_gone(conn: Connection, alpha: Tenant) -> None:
    one, two = datasets(conn, alpha, 2)
    edge = state(conn, alpha, one, two)
    conn.execute("DELETE FROM dsvault.datasets WHERE id = %s", [two])
    assert conn.execute("SELECT id FROM dsvault.lineage_edges").fetchone() == (edge,)


@pytest.mark.parametrize("length", [2, 3, 12])
def test_nothing_is_derived_from_itself_however_long_the_way(
    conn: Connection, alpha: Tenant, length: int
) -> None:
    made = datasets(conn, alpha, length)
    for one, two in pairwise(made):
        state(conn, alpha, one, two)
    with pytest.raises(psycopg.Error, match="derived from itself") as refused, conn.transaction():
        state(conn, alpha, made[-1], made[0])
    assert refused.value.sqlstate == "DV707"
    state(conn, alpha, made[-1], made[0], "merged_from")
    state(conn, alpha, made[0], made[-1], "copied_from")


def test_a_circle_within_one_statement_is_seen(conn: Connection, alpha: Tenant) -> None:
    one, two = datasets(conn, alpha, 2)
    with pytest.raises(psycopg.Error) as refused:
        conn.execute(
            """INSERT INTO dsvault.lineage_edges
               (tenant_id, source_type, source_id, target_type, target_id, relationship)
               VALUES (%(t)s, 'dataset', %(a)s, 'dataset', %(b)s, 'derived_from'),
                   (%(t)s, 'dataset', %(b)s, 'dataset', %(a)s, 'derived_from')""",
            {"t": alpha.id, "a": one, "b": two},
        )
    assert refused.value.sqlstate == "DV707"


def test_an_update_cannot_close_a_circle(conn: Connection, alpha: Tenant) -> None:
    one, two = datasets(conn, alpha, 2)
    state(conn, alpha, one, two)
    edge = state(conn, alpha, two, one, "copied_from")
    with pytest.raises(psycopg.Error) as refused:
        conn.execute(
            "UPDATE dsvault.lineage_edges SET relationship = 'derived_from' WHERE id = %s", [edge]
        )
    assert refused.value.sqlstate == "DV707"


def test_many_ways_to_the_same_origin_are_no_circle(conn: Connection, alpha: Tenant) -> None:
    top, left, right, bottom = datasets(conn, alpha, 4)
    for one, two in ((top, left), (top, right), (left, bottom), (right, bottom)):
        state(conn, alpha, one, two)


def test_whoever_states_an_origin_need_not_read_everything(conn: Connection, alpha: Tenant) -> None:
    role = insert(
        conn, "roles", tenant_id=alpha.id, name="writer", permissions='["version:create"]'
    )
    writer = new_user(conn, alpha, "writer")
    conn.execute(
        "INSERT INTO dsvault.user_roles (tenant_id, user_id, role_id) VALUES (%s, %s, %s)",
        [alpha.id, writer, role],
    )
    one, two = datasets(conn, alpha, 2)
    with as_tenant(conn, alpha.id, writer):
        conn.execute(
            """INSERT INTO dsvault.lineage_edges
               (source_type, source_id, target_type, target_id, relationship)
               VALUES ('dataset', %s, 'dataset', %s, 'derived_from')""",
            [one, two],
        )


def test_at_repeatable_read_a_derivation_cannot_be_stated(
    vault: Database, conn: Connection, alpha: Tenant
) -> None:
    one, two = datasets(conn, alpha, 2)
    conn.commit()
    with vault.connect(superuser=True) as other:
        other.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with pytest.raises(psycopg.Error) as refused:
            state(other, alpha, one, two)
        assert refused.value.sqlstate == "DV708"
        other.rollback()
        other.isolation_level = psycopg.IsolationLevel.SERIALIZABLE
        state(other, alpha, one, two)


def test_sessions_that_would_close_a_circle_together_cannot(
    vault: Database, conn: Connection, alpha: Tenant
) -> None:
    made = datasets(conn, alpha, 6)
    conn.commit()
    ring = [*pairwise(made), (made[-1], made[0])]

    def add(pair: tuple[UUID, UUID]) -> str:
        with vault.connect(superuser=True) as other:
            try:
                state(other, alpha, *pair)
                other.commit()
            except psycopg.Error as error:
                return error.sqlstate or "lost"
            return "stated"

    with ThreadPoolExecutor(len(ring)) as pool:
        results = list(pool.map(add, ring))
    assert sorted(results) == ["DV707", *["stated"] * (len(ring) - 1)]
