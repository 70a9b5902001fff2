"""What a tenant uses is known exactly, and nothing is published beyond its quota."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.schema.builders import insert, new_dataset, new_version
from tests.support.actors import as_role, as_tenant

if TYPE_CHECKING:
    from uuid import UUID

    from psycopg import Connection
    from tests.schema.builders import Tenant
    from tests.support.database import Database

PUBLISH = "UPDATE dsvault.dataset_versions SET status = 'published' WHERE id = %s"

WARNINGS = "SELECT slug, state FROM dsvault.storage_warnings"


def draft(conn: Connection, tenant: Tenant, dataset: UUID, number: int, size: int) -> UUID:
    version = new_version(conn, tenant, dataset, number)
    conn.execute(
        "UPDATE dsvault.dataset_versions SET size_bytes = %s WHERE id = %s", [size, version]
    )
    return version


def usage(conn: Connection, tenant: Tenant) -> dict[str, int]:
    rows = conn.execute(
        "SELECT measure, amount FROM dsvault.tenant_usage WHERE tenant_id = %s AND amount <> 0",
        [tenant.id],
    )
    return dict(rows.fetchall())


def counted(conn: Connection, tenant: Tenant) -> dict[str, int]:
    row = conn.execute(
        """SELECT coalesce(sum(size_bytes), 0)::bigint, count(*) FROM dsvault.dataset_versions
           WHERE tenant_id = %s AND status <> 'draft'""",
        [tenant.id],
    ).fetchone()
    assert row is not None
    found = {"published_bytes": row[0], "published_versions": row[1]}
    return {measure: amount for measure, amount in found.items() if amount}


def limit(conn: Connection, tenant: Tenant, size: int | None) -> None:
    with as_role(conn, "dsvault_operator"):
        conn.execute("SELECT dsvault.set_storage_quota(%s, %s)", [tenant.id, size])


def state(conn: Connection, tenant: Tenant) -> tuple[object, ...]:
    with as_tenant(conn, tenant.id, tenant.admin):
        row = conn.execute(
            "SELECT used_bytes, storage_quota_bytes, state FROM dsvault.storage_usage()"
        ).fetchone()
    assert row is not None
    return row


def test_whatever_is_done_to_versions_a_recount_agrees(
    conn: Connection, alpha: Tenant, beta: Tenant
) -> None:
    chance = random.Random(4)  # noqa: S311 - a choice of steps, always the same
    datasets = {
        tenant: [new_dataset(conn, tenant, f"d{n}") for n in range(3)] for tenant in (alpha, beta)
    }
    number = 0
    for _ in range(60):
        tenant = chance.choice((alpha, beta))
        match chance.randrange(6):
            case 0 | 1:
                number += 1
                draft(conn, tenant, chance.choice(datasets[tenant]), number, chance.randrange(99))
            case 2:
                conn.execute(
                    """UPDATE dsvault.dataset_versions SET status = 'published'
                       WHERE status = 'draft' AND version_number %% 2 = %s""",
                    [chance.randrange(2)],
                )
            case 3:
                conn.execute(
                    """UPDATE dsvault.dataset_versions SET status = 'archived'
                       WHERE status = 'published' AND version_number % 3 = 0"""
                )
            case 4:
                conn.execute(
                    "DELETE FROM dsvault.dataset_versions WHERE version_number %% 7 = %s",
                    [chance.randrange(7)],
                )
            case _ if len(datasets[tenant]) > 1:
                gone = datasets[tenant].pop()
                conn.execute("DELETE FROM dsvault.datasets WHERE id = %s", [gone])
            case _:
                pass
        for each in (alpha, beta):
            assert usage(conn, each) == counted(conn, each)
    with as_role(conn, "dsvault_operator"):
        wrong = conn.execute("SELECT dsvault.recount_usage(%s)", [alpha.id]).fetchone()
    assert wrong == (0,)


def test_a_recount_mends_what_was_done_while_triggers_were_off(
    conn: Connection, alpha: Tenant
) -> None:
    version = draft(conn, alpha, new_dataset(conn, alpha), 1, 40)
    conn.execute("SET LOCAL session_replication_role = replica")
    conn.execute(PUBLISH, [version])
    conn.execute("SET LOCAL session_replication_role = origin")
    assert usage(conn, alpha) == {}
    with as_role(conn, "dsvault_operator"):
        wrong = conn.execute("SELECT dsvault.recount_usage(%s)", [alpha.id]).fetchone()
    assert wrong == (2,)
    assert usage(conn, alpha) == counted(conn, alpha) != {}


def test_what_would_exceed_the_quota_is_refused_with_the_figures(
    conn: Connection, alpha: Tenant
) -> None:
    dataset = new_dataset(conn, alpha)
    first, second, third = (draft(conn, alpha, dataset, n, 40) for n in (1, 2, 3))
    limit(conn, alpha, 100)
    conn.execute(PUBLISH, [first])
    conn.execute(PUBLISH, [second])
    with (
        pytest.raises(psycopg.Error, match="exceeds the storage quota") as refused,
        as_tenant(conn, alpha.id, alpha.admin),
    ):
        conn.execute(PUBLISH, [third])
    assert refused.value.sqlstate == "DV711"
    told = "Used: 80 bytes. Limit: 100 bytes. Requested: 40 bytes."
    assert refused.value.diag.message_detail == told
    conn.execute("DELETE FROM dsvault.dataset_versions WHERE id = %s", [first])
    conn.execute(PUBLISH, [third])
    assert usage(conn, alpha)["published_bytes"] == 80


def test_a_quota_is_reached_exactly_and_drafts_do_not_count(
    conn: Connection, alpha: Tenant
) -> None:
    dataset = new_dataset(conn, alpha)
    draft(conn, alpha, dataset, 1, 10**12)
    limit(conn, alpha, 100)
    conn.execute(PUBLISH, [draft(conn, alpha, dataset, 2, 100)])
    conn.execute(PUBLISH, [draft(conn, alpha, dataset, 3, 0)])
    with pytest.raises(psycopg.Error) as refused:
        conn.execute(PUBLISH, [draft(conn, alpha, dataset, 4, 1)])
    assert refused.value.sqlstate == "DV711"


def test_publishing_at_once_is_bounded_as_well(conn: Connection, alpha: Tenant) -> None:
    limit(conn, alpha, 100)
    with pytest.raises(psycopg.Error) as refused:
        insert(
            conn, "dataset_versions", tenant_id=alpha.id, dataset_id=new_dataset(conn, alpha),
            version_number=1, commit_id="c", tree_hash="t", manifest_hash="m", message="m",
            author_id=alpha.admin, storage_path="/", status="published", size_bytes=101,
        )  # fmt: skip
    assert refused.value.sqlstate == "DV711"


def test_a_quota_below_the_use_blocks_growth_only(conn: Connection, alpha: Tenant) -> None:
    dataset = new_dataset(conn, alpha)
    first, second = (draft(conn, alpha, dataset, n, 40) for n in (1, 2))
    conn.execute(PUBLISH, [first])
    notices: list[str | None] = []
    conn.add_notice_handler(lambda notice: notices.append(notice.message_primary))
    limit(conn, alpha, 10)
    assert notices == ["the tenant uses 40 bytes, more than its quota of 10"]
    conn.execute("UPDATE dsvault.dataset_versions SET status = 'archived' WHERE id = %s", [first])
    conn.execute(PUBLISH, [first])
    with pytest.raises(psycopg.Error) as refused, conn.transaction():
        conn.execute(PUBLISH, [second])
    assert refused.value.sqlstate == "DV711"
    limit(conn, alpha, None)
    conn.execute(PUBLISH, [second])


@pytest.mark.parametrize(
    ("quota", "expected"),
    [(None, "unlimited"), (101, "ok"), (100, "warning"), (80, "warning"), (79, "exceeded")],
)
def test_a_warning_is_shown_from_80_per_cent(
    conn: Connection, alpha: Tenant, beta: Tenant, quota: int | None, expected: str
) -> None:
    conn.execute(PUBLISH, [draft(conn, alpha, new_dataset(conn, alpha), 1, 80)])
    limit(conn, alpha, quota)
    assert state(conn, alpha) == (80, quota, expected)
    assert state(conn, beta) == (0, None, "unlimited")
    with as_role(conn, "dsvault_operator"):
        found = conn.execute("SELECT slug, state FROM dsvault.storage_usage()").fetchall()
    assert dict(found) == {"system": "unlimited", "beta": "unlimited", "alpha": expected}
    warned = [("alpha", expected)] if expected in {"warning", "exceeded"} else []
    with as_role(conn, "dsvault_operator"):
        assert conn.execute(WARNINGS).fetchall() == warned
    with as_tenant(conn, alpha.id, alpha.admin):
        assert conn.execute(WARNINGS).fetchall() == warned
    with as_tenant(conn, beta.id, beta.admin):
        assert conn.execute(WARNINGS).fetchall() == []


def test_a_quota_is_set_for_a_tenant_that_there_is_by_an_operator_alone(
    conn: Connection, alpha: Tenant, beta: Tenant
) -> None:
    with (
        as_tenant(conn, alpha.id, alpha.admin),
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        conn.execute("SELECT dsvault.set_storage_quota(%s, NULL)", [alpha.id])
    with pytest.raises(psycopg.Error, match="there is no tenant") as refused:
        conn.execute("SELECT dsvault.set_storage_quota(%s, NULL)", [new_dataset(conn, beta)])
    assert refused.value.sqlstate == "DV712"


def test_publishers_at_the_same_moment_cannot_slip_under_the_limit_together(
    vault: Database, conn: Connection, alpha: Tenant
) -> None:
    dataset = new_dataset(conn, alpha)
    drafts = [draft(conn, alpha, dataset, number, 30) for number in range(8)]
    limit(conn, alpha, 100)
    conn.commit()
    start = Barrier(len(drafts))

    def publish(version: UUID) -> str:
        with vault.connect(superuser=True) as other:
            start.wait()
            try:
                other.execute(PUBLISH, [version])
                other.commit()
            except psycopg.Error as error:
                return error.sqlstate or "lost"
            return "published"

    with ThreadPoolExecutor(len(drafts)) as pool:
        results = list(pool.map(publish, drafts))
    assert sorted(results) == [*["DV711"] * 5, *["published"] * 3]
    assert usage(conn, alpha) == counted(conn, alpha)


def test_writing_drafts_waits_for_no_publisher(
    vault: Database, conn: Connection, alpha: Tenant
) -> None:
    dataset = new_dataset(conn, alpha)
    version = draft(conn, alpha, dataset, 1, 30)
    conn.commit()
    conn.execute(PUBLISH, [version])
    with vault.connect(superuser=True) as other:
        other.execute("SET lock_timeout = '300ms'")
        draft(other, alpha, dataset, 2, 30)
