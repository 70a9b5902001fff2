"""explain_permission says what decides that has_permission answers yes or no."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from tests.schema.builders import new_dataset, new_user
from tests.support.actors import as_tenant

if TYPE_CHECKING:
    from uuid import UUID

    from tests.schema.builders import Tenant

READ, UPDATE = "dataset:read", "dataset:update"
NO_ROLE = (False, "nothing", "no role of the user holds it")
NOT_HIS = (False, "nothing", "no role of the user holds it, and no dataset of that id is his")


def explained(
    conn: psycopg.Connection, tenant: Tenant, asker: UUID, *about: object
) -> list[tuple[bool, str, str]]:
    """Ask as somebody; has_permission has to answer the same."""
    marks = ", ".join(["%s"] * len(about))
    with as_tenant(conn, tenant.id, asker):
        rows = conn.execute(
            f"SELECT * FROM dsvault.explain_permission({marks})".encode(), about
        ).fetchall()
        answer = conn.execute(f"SELECT dsvault.has_permission({marks})".encode(), about).fetchone()
    assert {holds for holds, _, _ in rows} == set(answer or ())
    return rows


def test_every_role_that_gives_it_is_named_with_its_end(
    conn: psycopg.Connection, alpha: Tenant
) -> None:
    user = new_user(conn, alpha, "user", "viewer", "data_scientist")
    conn.execute(
        "UPDATE dsvault.user_roles SET expires_at = '2199-01-01' WHERE user_id = %s"
        " AND role_id = (SELECT id FROM dsvault.roles WHERE tenant_id = %s AND name = 'viewer')",
        [user, alpha.id],
    )
    assert sorted(explained(conn, alpha, user, user, READ)) == [
        (True, "role", "role data_scientist holds it"),
        (True, "role", "role viewer holds it until 2199-01-01 00:00:00+00"),
    ]


def test_a_grant_that_has_expired_is_told(conn: psycopg.Connection, alpha: Tenant) -> None:
    user = new_user(conn, alpha, "user", "viewer")
    conn.execute(
        "UPDATE dsvault.user_roles SET expires_at = '2001-01-01' WHERE user_id = %s", [user]
    )
    assert explained(conn, alpha, user, user, READ) == [
        (False, "role", "role viewer held it until 2001-01-01 00:00:00+00")
    ]


def test_an_owner_holds_it_on_his_dataset_alone(conn: psycopg.Connection, alpha: Tenant) -> None:
    user = new_user(conn, alpha, "user")
    own, other = new_dataset(conn, alpha, "own", owner_id=user), new_dataset(conn, alpha, "other")
    assert explained(conn, alpha, user, user, UPDATE, own) == [
        (True, "ownership", "owner of dataset own")
    ]
    for not_his in (other, uuid4()):
        assert explained(conn, alpha, user, user, UPDATE, not_his) == [NOT_HIS]
    assert explained(conn, alpha, user, user, UPDATE) == [NO_ROLE]


@pytest.mark.parametrize("status", ["suspended", "locked", "pending_verification"])
def test_who_is_not_live_is_told_so_and_what_he_would_hold(
    conn: psycopg.Connection, alpha: Tenant, status: str
) -> None:
    user = new_user(conn, alpha, "user", "viewer", status=status)
    own = new_dataset(conn, alpha, "own", owner_id=user)
    assert explained(conn, alpha, alpha.admin, user, READ, own) == [
        (False, "user", f"user user@users.example is {status}"),
        (False, "role", "role viewer would give it"),
        (False, "ownership", "owner of dataset own, which would give it"),
    ]


def test_what_does_not_exist_is_said_not_to(
    conn: psycopg.Connection, alpha: Tenant, beta: Tenant
) -> None:
    for nobody in (uuid4(), beta.admin, None):
        assert explained(conn, alpha, alpha.admin, nobody, READ) == [
            (False, "nothing", "no such user in the tenant")
        ]
    assert explained(conn, alpha, alpha.admin, alpha.admin, "dataset:fly") == [
        (False, "nothing", "no such permission")
    ]


def test_what_every_live_user_holds_is_explained_by_his_being_one(
    conn: psycopg.Connection, alpha: Tenant
) -> None:
    user = new_user(conn, alpha, "user")
    assert explained(conn, alpha, user, user, "tenant:member") == [
        (True, "user", "user user@users.example is active")
    ]


def test_who_may_not_read_roles_asks_about_himself_only(
    conn: psycopg.Connection, alpha: Tenant
) -> None:
    viewer = new_user(conn, alpha, "viewer", "viewer")
    with pytest.raises(psycopg.Error) as refused:
        explained(conn, alpha, viewer, alpha.admin, READ)
    assert refused.value.sqlstate == "DV102"
