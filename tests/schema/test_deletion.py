"""Marking a row deleted takes the permission to delete it, not the one to change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.schema.builders import insert, new_dataset, new_user
from tests.support.actors import as_tenant

if TYPE_CHECKING:
    from uuid import UUID

    from tests.schema.builders import Tenant

DATASET = "UPDATE dsvault.datasets SET deleted_at = now() WHERE id = %s"
USER = "UPDATE dsvault.users SET is_deleted = true WHERE id = %s"
RENAME = "UPDATE dsvault.users SET name = 'v' WHERE id = %s"
# The user is taken away in the middle of the statement, after the policies were asked.
EMPTIED = (
    "UPDATE dsvault.datasets SET deleted_at = now(),"
    " description = set_config('app.current_user_id', '', true) WHERE id = %s"
)


def mark(conn: psycopg.Connection, tenant: Tenant, user: UUID, statement: str, row: UUID) -> int:
    """Run a statement as a user; return how many rows it changed."""
    with as_tenant(conn, tenant.id, user):
        return conn.execute(statement.encode(), [row]).rowcount


def new_role(conn: psycopg.Connection, tenant: Tenant, *permissions: str) -> str:
    """Make a role of a tenant with these permissions; return its name."""
    name = "_".join(permissions)
    row = psycopg.types.json.Jsonb(list(permissions))
    insert(conn, "roles", tenant_id=tenant.id, name=name, permissions=row)
    return name


# Without a user the policy's own check refuses the row before the trigger is asked.
@pytest.mark.parametrize(("statement", "code"), [(DATASET, "DV202"), (EMPTIED, "42501")])
def test_who_may_only_change_a_dataset_cannot_mark_it_deleted(
    conn: psycopg.Connection, alpha: Tenant, statement: str, code: str
) -> None:
    scientist = new_user(conn, alpha, "scientist", "data_scientist")
    dataset = new_dataset(conn, alpha)
    with pytest.raises(psycopg.Error) as refusal:
        mark(conn, alpha, scientist, statement, dataset)
    assert refusal.value.sqlstate == code


def test_an_owner_and_who_may_delete_mark_a_dataset_deleted(
    conn: psycopg.Connection, alpha: Tenant
) -> None:
    owner = new_user(conn, alpha, "owner")
    own, other = (new_dataset(conn, alpha, name, owner_id=owner) for name in ("own", "other"))
    assert mark(conn, alpha, owner, DATASET, own) == 1
    assert mark(conn, alpha, alpha.admin, DATASET, other) == 1


def test_who_may_only_change_users_cannot_mark_one_deleted(
    conn: psycopg.Connection, alpha: Tenant
) -> None:
    role = new_role(conn, alpha, "user:read", "user:update")
    clerk = new_user(conn, alpha, "clerk", role)
    victim = new_user(conn, alpha, "victim")
    assert (
        mark(conn, alpha, clerk, "UPDATE dsvault.users SET name = 'v' WHERE id = %s", victim) == 1
    )
    with pytest.raises(psycopg.Error, match="user:delete") as refusal:
        mark(conn, alpha, clerk, USER, victim)
    assert refusal.value.sqlstate == "DV202"


def test_who_may_delete_users_marks_one_deleted(conn: psycopg.Connection, alpha: Tenant) -> None:
    assert mark(conn, alpha, alpha.admin, USER, new_user(conn, alpha, "leaver")) == 1
