"""Marking a row deleted takes the permission to delete it, and hides it from all but auditors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.schema.builders import insert, new_dataset, new_tenant, new_user, new_version
from tests.support.actors import as_tenant

if TYPE_CHECKING:
    from uuid import UUID

    from tests.schema.builders import Tenant
    from tests.support.database import Database

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


LONG_AGO = "2000-01-01"  # a mark of this transaction hides nothing yet
DELETED_DATASETS = "SELECT id FROM dsvault.deleted_datasets()"
DELETED_USERS = "SELECT id FROM dsvault.deleted_users()"


def seen(
    conn: psycopg.Connection, tenant: Tenant, user: UUID, query: str, role: str = "dsvault_app"
) -> set[UUID]:
    with as_tenant(conn, tenant.id, user, role=role):
        return {row[0] for row in conn.execute(query.encode())}


@pytest.mark.parametrize("table", ["datasets", "users"])
def test_what_was_deleted_is_hidden_from_all_but_auditors(
    conn: psycopg.Connection, alpha: Tenant, table: str
) -> None:
    gone = (
        new_dataset(conn, alpha, deleted_at=LONG_AGO)
        if table == "datasets"
        else new_user(conn, alpha, "gone", is_deleted=True, deleted_at=LONG_AGO)
    )
    everything = f"SELECT id FROM dsvault.{table}"
    assert gone not in seen(conn, alpha, alpha.admin, everything)
    assert gone not in seen(conn, alpha, alpha.admin, everything, "dsvault_reader")
    assert gone in seen(conn, alpha, alpha.admin, everything, "dsvault_auditor")
    rename = f"UPDATE dsvault.{table} SET name = 'v' WHERE id = %s"
    assert mark(conn, alpha, alpha.admin, rename, gone) == 0
    assert mark(conn, alpha, alpha.admin, f"DELETE FROM dsvault.{table} WHERE id = %s", gone) == 0
    with as_tenant(conn, alpha.id, alpha.admin):  # without WHERE no policy for reading is asked
        conn.execute(f"UPDATE dsvault.{table} SET name = name".encode())
    row = conn.execute(f"SELECT name FROM dsvault.{table} WHERE id = %s".encode(), [gone])
    assert row.fetchone() != ("v",)


def test_a_mark_hides_the_row_from_the_next_transaction_on(vault: Database) -> None:
    with vault.connect(superuser=True) as conn:
        alpha = new_tenant(conn, "alpha")
        dataset = new_dataset(conn, alpha)
        conn.commit()
        query = "SELECT id FROM dsvault.datasets"
        with conn.transaction():
            assert mark(conn, alpha, alpha.admin, DATASET, dataset) == 1
            assert seen(conn, alpha, alpha.admin, query) == {dataset}
        assert seen(conn, alpha, alpha.admin, query) == set()
        assert mark(conn, alpha, alpha.admin, DATASET, dataset) == 0


def test_who_may_restore_datasets_finds_them_and_an_owner_his_own(
    conn: psycopg.Connection, alpha: Tenant, beta: Tenant
) -> None:
    owner, viewer = new_user(conn, alpha, "owner"), new_user(conn, alpha, "viewer", "viewer")
    own = new_dataset(conn, alpha, "own", owner_id=owner, deleted_at=LONG_AGO)
    other = new_dataset(conn, alpha, "other", deleted_at=LONG_AGO)
    new_dataset(conn, alpha, "living")
    new_dataset(conn, beta, "theirs", deleted_at=LONG_AGO)
    assert seen(conn, alpha, alpha.admin, DELETED_DATASETS) == {own, other}
    assert seen(conn, alpha, owner, DELETED_DATASETS) == {own}
    assert seen(conn, alpha, viewer, DELETED_DATASETS) == set()
    assert seen(conn, alpha, beta.admin, DELETED_DATASETS) == set()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        seen(conn, alpha, alpha.admin, DELETED_DATASETS, "dsvault_auditor")


def test_who_may_delete_users_finds_those_that_are_deleted(
    conn: psycopg.Connection, alpha: Tenant, beta: Tenant
) -> None:
    viewer = new_user(conn, alpha, "viewer", "viewer")
    gone = new_user(conn, alpha, "gone", is_deleted=True, deleted_at=LONG_AGO)
    new_user(conn, beta, "theirs", is_deleted=True, deleted_at=LONG_AGO)
    assert seen(conn, alpha, alpha.admin, DELETED_USERS) == {gone}
    assert seen(conn, alpha, viewer, DELETED_USERS) == set()


def test_versions_of_a_deleted_dataset_are_still_read_by_their_permission(
    conn: psycopg.Connection, alpha: Tenant
) -> None:
    dataset = new_dataset(conn, alpha, deleted_at=LONG_AGO)
    version = new_version(conn, alpha, dataset)
    versions = "SELECT id FROM dsvault.dataset_versions"
    assert version in seen(conn, alpha, alpha.admin, versions)
    joined = (
        "SELECT v.id FROM dsvault.dataset_versions AS v JOIN dsvault.datasets USING (tenant_id)"
    )
    assert seen(conn, alpha, alpha.admin, joined) == set()


def test_who_loads_a_row_that_was_deleted_elsewhere_keeps_its_time(
    conn: psycopg.Connection, alpha: Tenant
) -> None:
    then = new_dataset(conn, alpha, "then", deleted_at=LONG_AGO)
    later = new_dataset(conn, alpha, "later", deleted_at="infinity")
    query = "SELECT deleted_at = %s, deleted_at = now() FROM dsvault.datasets WHERE id = %s"
    assert conn.execute(query, [LONG_AGO, then]).fetchone() == (True, False)
    assert conn.execute(query, [LONG_AGO, later]).fetchone() == (False, True)
