"""What was deleted comes back by its own procedure, with its permission, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.schema.builders import insert, new_dataset, new_key, new_user
from tests.support.actors import as_role, as_tenant

if TYPE_CHECKING:
    from uuid import UUID

    from psycopg import Connection
    from tests.schema.builders import Tenant


def restore(conn: Connection, tenant: Tenant, user: UUID, call: str, *values: object) -> None:
    with as_tenant(conn, tenant.id, user):
        conn.execute(f"SELECT dsvault.{call}".encode(), list(values))


def is_live(conn: Connection, table: str, row: UUID) -> bool:
    found = conn.execute(
        f"SELECT deleted_at IS NULL FROM dsvault.{table} WHERE id = %s".encode(), [row]
    ).fetchone()
    assert found is not None
    return found[0]


def refused(conn: Connection, tenant: Tenant, user: UUID, call: str, *values: object) -> str:
    with pytest.raises(psycopg.Error) as refusal, conn.transaction():
        restore(conn, tenant, user, call, *values)
    assert refusal.value.diag.message_hint
    return refusal.value.sqlstate or ""


def readable(conn: Connection, tenant: Tenant) -> set[str]:
    """Return the tables in which a tenant's administrator sees any row."""
    tables = conn.execute(
        """SELECT relname FROM pg_class
           WHERE relnamespace = 'dsvault'::regnamespace AND relkind IN ('r', 'p')
             AND NOT relispartition AND has_table_privilege('dsvault_app', oid, 'SELECT')"""
    ).fetchall()
    with as_tenant(conn, tenant.id, tenant.admin):
        return {
            name
            for (name,) in tables
            if conn.execute(f"SELECT FROM dsvault.{name} LIMIT 1".encode()).rowcount
        }


def test_a_dataset_comes_back_by_its_owner_and_whoever_may_restore(
    conn: Connection, alpha: Tenant
) -> None:
    owner, viewer = new_user(conn, alpha, "owner"), new_user(conn, alpha, "viewer", "viewer")
    own = new_dataset(conn, alpha, "own", owner_id=owner, deleted_at="now")
    other = new_dataset(conn, alpha, "other", deleted_at="now")
    assert refused(conn, alpha, viewer, "restore_dataset(%s)", own) == "DV721"
    assert refused(conn, alpha, owner, "restore_dataset(%s)", other) == "DV721"
    restore(conn, alpha, owner, "restore_dataset(%s)", own)
    restore(conn, alpha, alpha.admin, "restore_dataset(%s)", other)
    assert is_live(conn, "datasets", own)
    assert is_live(conn, "datasets", other)
    assert refused(conn, alpha, owner, "restore_dataset(%s)", own) == "DV722"


def test_a_dataset_of_another_tenant_does_not_come_back(
    conn: Connection, alpha: Tenant, beta: Tenant
) -> None:
    theirs = new_dataset(conn, beta, deleted_at="now")
    assert refused(conn, alpha, alpha.admin, "restore_dataset(%s)", theirs) == "DV722"
    assert not is_live(conn, "datasets", theirs)


def test_a_name_that_is_taken_meanwhile_is_said_and_another_can_be_given(
    conn: Connection, alpha: Tenant
) -> None:
    gone = new_dataset(conn, alpha, "name", deleted_at="now")
    new_dataset(conn, alpha, "name")
    assert refused(conn, alpha, alpha.admin, "restore_dataset(%s)", gone) == "DV723"
    restore(conn, alpha, alpha.admin, "restore_dataset(%s, %s)", gone, "name again")
    assert is_live(conn, "datasets", gone)


def test_a_dataset_whose_key_is_revoked_stays_deleted(conn: Connection, alpha: Tenant) -> None:
    key = new_key(conn, alpha)
    gone = new_dataset(conn, alpha, encryption_key_id=key, deleted_at="now")
    conn.execute("UPDATE dsvault.encryption_keys SET status = 'revoked' WHERE id = %s", [key])
    assert refused(conn, alpha, alpha.admin, "restore_dataset(%s)", gone) == "DV724"


def test_a_user_comes_back_with_his_roles_and_not_by_whoever_holds_less(
    conn: Connection, alpha: Tenant
) -> None:
    clerk = new_user(conn, alpha, "clerk")
    role = insert(
        conn, "roles", tenant_id=alpha.id, name="clerk",
        permissions='["user:read", "user:update", "user:delete"]',
    )  # fmt: skip
    conn.execute(
        "INSERT INTO dsvault.user_roles (tenant_id, user_id, role_id) VALUES (%s, %s, %s)",
        [alpha.id, clerk, role],
    )
    chief = new_user(conn, alpha, "chief", "admin", is_deleted=True)
    guest = new_user(conn, alpha, "guest", is_deleted=True)
    reader = new_user(conn, alpha, "reader", "viewer")
    assert refused(conn, alpha, reader, "restore_user(%s)", guest) == "DV721"
    assert refused(conn, alpha, clerk, "restore_user(%s)", chief) == "DV201"
    restore(conn, alpha, clerk, "restore_user(%s)", guest)
    assert is_live(conn, "users", guest)
    restore(conn, alpha, alpha.admin, "restore_user(%s)", chief)
    with as_tenant(conn, alpha.id, chief):
        held = conn.execute("SELECT dsvault.my_permissions() ? 'key:manage'").fetchone()
    assert held == (True,)
    assert refused(conn, alpha, clerk, "restore_user(%s)", guest) == "DV722"


def test_an_address_stays_with_its_user_while_he_is_deleted(
    conn: Connection, alpha: Tenant
) -> None:
    gone = new_user(conn, alpha, "gone", email="gone@alpha.example", is_deleted=True)
    with (
        pytest.raises(psycopg.errors.UniqueViolation, match="users_email_unique"),
        conn.transaction(),
    ):
        new_user(conn, alpha, "other", email="gone@alpha.example")
    with as_tenant(conn, alpha.id, alpha.admin):
        conn.execute(
            "INSERT INTO dsvault.users (name, email) VALUES ('again', 'gone@alpha.example')"
            " ON CONFLICT (tenant_id, email) DO NOTHING"
        )
    restore(conn, alpha, alpha.admin, "restore_user(%s)", gone)
    assert is_live(conn, "users", gone)


def test_users_of_a_closed_tenant_can_do_nothing_until_it_is_restored(
    conn: Connection, alpha: Tenant
) -> None:
    gone = new_dataset(conn, alpha, deleted_at="now")
    new_dataset(conn, alpha, "own", owner_id=alpha.admin)
    seen = {"tenants", "users", "roles", "user_roles", "datasets", "audit_logs"}
    assert readable(conn, alpha) == seen
    with as_role(conn, "dsvault_operator"):
        assert conn.execute("SELECT dsvault.close_tenant(%s)", [alpha.id]).fetchone() == (True,)
        assert conn.execute("SELECT dsvault.close_tenant(%s)", [alpha.id]).fetchone() == (False,)
    assert readable(conn, alpha) == set()
    assert refused(conn, alpha, alpha.admin, "restore_dataset(%s)", gone) == "DV721"
    with pytest.raises(psycopg.Error) as refusal, conn.transaction():
        restore(conn, alpha, alpha.admin, "enter(%s, %s)", alpha.id, alpha.admin)
    assert refusal.value.sqlstate == "DV101"
    with as_role(conn, "dsvault_operator"):
        conn.execute("SELECT dsvault.restore_tenant(%s)", [alpha.id])
    assert readable(conn, alpha) == seen
    restore(conn, alpha, alpha.admin, "restore_dataset(%s)", gone)


@pytest.mark.parametrize("call", ["close_tenant(%s)", "restore_tenant(%s)"])
def test_tenants_are_closed_and_restored_by_operators_alone(
    conn: Connection, alpha: Tenant, call: str
) -> None:
    assert refused_privilege(conn, alpha, call)
    with pytest.raises(psycopg.Error) as refusal:
        conn.execute(f"SELECT dsvault.{call}".encode(), ["00000000-0000-0000-0000-000000000000"])
    assert refusal.value.sqlstate in {"DV741", "DV722"}


def refused_privilege(conn: Connection, tenant: Tenant, call: str) -> bool:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), conn.transaction():
        restore(conn, tenant, tenant.admin, call, tenant.id)
    return True
