"""A suspended tenant's users can do nothing, and find everything as it was when it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from tests.schema.builders import SYSTEM_TENANT, new_dataset, new_tenant
from tests.support.actors import as_role, as_tenant

if TYPE_CHECKING:
    from uuid import UUID

    from psycopg import Connection
    from tests.schema.builders import Tenant

COUNT = "SELECT count(*) FROM dsvault.datasets"


@pytest.fixture
def alpha(conn: Connection) -> Tenant:
    """A tenant with a dataset."""
    tenant = new_tenant(conn, "alpha")
    new_dataset(conn, tenant)
    return tenant


def suspend(conn: Connection, tenant: UUID, reason: str | None = "unpaid") -> bool:
    """Suspend a tenant as an operator does; say whether anything changed."""
    return told(conn, "SELECT dsvault.suspend_tenant(%s, %s)", tenant, reason)


def resume(conn: Connection, tenant: UUID) -> bool:
    """Resume a tenant as an operator does; say whether anything changed."""
    return told(conn, "SELECT dsvault.resume_tenant(%s)", tenant)


def told(conn: Connection, query: str, *values: object) -> bool:
    with as_role(conn, "dsvault_operator"):
        row = conn.execute(query.encode(), values).fetchone()
    assert row is not None
    return bool(row[0])


def seen(conn: Connection, tenant: Tenant) -> int:
    """Return how many datasets the tenant's administrator sees."""
    with as_tenant(conn, tenant.id, tenant.admin):
        row = conn.execute(COUNT).fetchone()
    assert row is not None
    return int(row[0])


def test_who_was_let_in_before_is_let_in_no_more_and_again_afterwards(
    conn: Connection, alpha: Tenant
) -> None:
    beta = new_tenant(conn, "beta")
    new_dataset(conn, beta)
    before = seen(conn, alpha)
    assert suspend(conn, alpha.id) is True
    assert (before, seen(conn, alpha), seen(conn, beta)) == (1, 0, 1)
    assert resume(conn, alpha.id) is True
    assert seen(conn, alpha) == 1


def test_nobody_of_a_suspended_tenant_enters(conn: Connection, alpha: Tenant) -> None:
    suspend(conn, alpha.id)
    with pytest.raises(psycopg.Error) as refused, as_role(conn, "dsvault_app"):
        conn.execute("SELECT dsvault.enter(%s, %s)", [alpha.id, alpha.admin])
    assert refused.value.sqlstate == "DV101"
    assert "suspended" in (refused.value.diag.message_detail or "")


def test_who_is_refused_is_told_the_reason(conn: Connection, alpha: Tenant) -> None:
    suspend(conn, alpha.id, "  unpaid since March ")
    with as_tenant(conn, alpha.id, alpha.admin):
        rows = conn.execute(
            "SELECT holds, decided_by, reason FROM dsvault.explain_permission(%s, 'dataset:read')",
            [alpha.admin],
        ).fetchall()
    reasons = [reason for holds, by, reason in rows if not holds and by == "tenant"]
    assert len(reasons) == 1
    assert reasons[0].startswith("tenant alpha is suspended since ")
    assert reasons[0].endswith(": unpaid since March")


def test_a_second_time_changes_nothing_and_another_reason_keeps_the_time(
    conn: Connection, alpha: Tenant
) -> None:
    assert suspend(conn, alpha.id) is True
    conn.execute("UPDATE dsvault.tenants SET suspended_at = '2026-01-01' WHERE slug = 'alpha'")
    assert suspend(conn, alpha.id) is False
    assert suspend(conn, alpha.id, "abuse") is True
    row = conn.execute(
        "SELECT suspended_at::date::text, suspension_reason FROM dsvault.tenants WHERE id = %s",
        [alpha.id],
    ).fetchone()
    assert row == ("2026-01-01", "abuse")
    assert [resume(conn, alpha.id), resume(conn, alpha.id)] == [True, False]


@pytest.mark.parametrize("which", ["system", "unknown", "deleted", "none"])
def test_only_a_live_tenant_of_customers_is_suspended(
    conn: Connection, alpha: Tenant, which: str
) -> None:
    conn.execute("UPDATE dsvault.tenants SET is_deleted = true WHERE id = %s", [alpha.id])
    tenant = {"system": SYSTEM_TENANT, "unknown": uuid4(), "deleted": alpha.id}.get(which)
    with pytest.raises(psycopg.Error) as refused:
        told(conn, "SELECT dsvault.suspend_tenant(%s, 'unpaid')", tenant)
    assert refused.value.sqlstate == "DV501"


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_a_tenant_is_suspended_for_a_reason(
    conn: Connection, alpha: Tenant, reason: str | None
) -> None:
    with pytest.raises(psycopg.Error) as refused:
        suspend(conn, alpha.id, reason)
    assert refused.value.sqlstate == "DV502"
    assert seen(conn, alpha) == 1


@pytest.mark.parametrize("role", ["dsvault_app", "dsvault_reader", "dsvault_auditor"])
@pytest.mark.parametrize("call", ["suspend_tenant(%s, 'x')", "resume_tenant(%s)"])
def test_only_operators_suspend_and_resume(
    conn: Connection, alpha: Tenant, role: str, call: str
) -> None:
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        as_tenant(conn, alpha.id, alpha.admin),
        as_role(conn, role),
    ):
        conn.execute(f"SELECT dsvault.{call}".encode(), [alpha.id])


def test_the_caller_s_own_context_is_left_as_it_was(conn: Connection, alpha: Tenant) -> None:
    with as_role(conn, "dsvault_operator", app__current_tenant_id=str(SYSTEM_TENANT)):
        conn.execute("SELECT dsvault.suspend_tenant(%s, 'unpaid')", [alpha.id])
        row = conn.execute("SELECT current_setting('app.current_tenant_id')").fetchone()
    assert row == (str(SYSTEM_TENANT),)
