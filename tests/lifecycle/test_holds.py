"""What has to be kept is kept, whoever deletes it: legal_hold and min_days."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.schema.builders import new_dataset, new_record, new_token, new_user, new_version
from tests.support.actors import as_role, as_tenant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from psycopg import Connection
    from tests.schema.builders import Tenant

HELD = {"legal_hold": True}
KEPT = {"min_days": 90}
DELETES = {
    "datasets": "DELETE FROM dsvault.datasets WHERE id = %(dataset)s",
    "versions": "DELETE FROM dsvault.dataset_versions WHERE dataset_id = %(dataset)s",
    "records": "DELETE FROM dsvault.records WHERE dataset_id = %(dataset)s",
}
MARK = "UPDATE dsvault.datasets SET deleted_at = now() WHERE id = %(dataset)s"
LIFT = "UPDATE dsvault.datasets SET retention_policy = NULL WHERE id = %(dataset)s"


def kept(
    conn: Connection, tenant: Tenant, policy: dict[str, object], *, is_draft: bool = False
) -> UUID:
    """Make a dataset under a policy, with a version of one record."""
    dataset = new_dataset(conn, tenant, "d", retention_policy=json.dumps(policy))
    version = new_version(conn, tenant, dataset)
    new_record(conn, tenant, dataset, version)
    if not is_draft:
        conn.execute(
            "UPDATE dsvault.dataset_versions SET status = 'published' WHERE id = %s", [version]
        )
    return dataset


@contextmanager
def refused(code: str, words: str) -> Iterator[pytest.ExceptionInfo[psycopg.Error]]:
    with pytest.raises(psycopg.Error, match=words) as error:
        yield error
    assert error.value.sqlstate == code
    assert error.value.diag.message_hint


def do(conn: Connection, tenant: Tenant, statement: str, dataset: UUID) -> int:
    with as_tenant(conn, tenant.id, tenant.admin):
        return conn.execute(statement.encode(), {"dataset": dataset}).rowcount


@pytest.mark.parametrize("statement", [DELETES["datasets"], DELETES["versions"], MARK])
def test_nothing_of_a_dataset_under_legal_hold_is_deleted(
    conn: Connection, alpha: Tenant, statement: str
) -> None:
    dataset = kept(conn, alpha, HELD)
    with refused("DV731", "dataset d is under legal hold"):
        do(conn, alpha, statement, dataset)
    do(conn, alpha, LIFT, dataset)
    assert do(conn, alpha, statement, dataset) == 1


@pytest.mark.parametrize("statement", [*DELETES.values(), MARK])
def test_nothing_of_a_tenant_under_legal_hold_is_deleted(
    conn: Connection, alpha: Tenant, statement: str
) -> None:
    dataset = kept(conn, alpha, {}, is_draft=True)
    settings = "UPDATE dsvault.tenants SET settings = %s WHERE id = %s"
    conn.execute(settings, [json.dumps(HELD), alpha.id])
    with refused("DV731", f"in the settings of tenant {alpha.id}"):
        do(conn, alpha, statement, dataset)
    conn.execute(settings, ["{}", alpha.id])
    assert do(conn, alpha, statement, dataset) == 1


def test_a_hold_keeps_records_of_drafts_too(conn: Connection, alpha: Tenant) -> None:
    dataset = kept(conn, alpha, HELD, is_draft=True)
    for statement in DELETES.values():
        with refused("DV731", "under legal hold"):
            do(conn, alpha, statement, dataset)
    do(conn, alpha, LIFT, dataset)
    assert do(conn, alpha, DELETES["records"], dataset) == 1


def test_a_hold_is_not_lifted_in_the_statement_that_deletes(
    conn: Connection, alpha: Tenant
) -> None:
    dataset = kept(conn, alpha, HELD)
    both = MARK.replace("SET", "SET retention_policy = NULL,")
    with refused("DV731", "under legal hold"):
        do(conn, alpha, both, dataset)


def test_the_owner_of_the_tables_is_stopped_too(conn: Connection, alpha: Tenant) -> None:
    dataset = kept(conn, alpha, HELD)
    with refused("DV731", "under legal hold"), conn.transaction():
        conn.execute(DELETES["versions"].encode(), {"dataset": dataset})


def test_what_has_to_be_kept_for_some_time_is_not_deleted_before(
    conn: Connection, alpha: Tenant
) -> None:
    dataset = kept(conn, alpha, KEPT)
    for name in ("datasets", "versions"):
        with refused("DV732", "version 1 of dataset .* is kept until"):
            do(conn, alpha, DELETES[name], dataset)
    assert do(conn, alpha, MARK, dataset) == 1, "marking it deleted keeps it"
    age(conn, dataset, days=91)
    assert do(conn, alpha, DELETES["versions"], dataset) == 1


def test_a_draft_has_not_to_be_kept_for_some_time(conn: Connection, alpha: Tenant) -> None:
    dataset = kept(conn, alpha, KEPT, is_draft=True)
    assert do(conn, alpha, DELETES["records"], dataset) == 1
    assert do(conn, alpha, DELETES["datasets"], dataset) == 1


def test_who_may_not_delete_is_not_told_of_holds(conn: Connection, alpha: Tenant) -> None:
    dataset = kept(conn, alpha, HELD)
    with as_tenant(conn, alpha.id, None):
        for statement in (*DELETES.values(), MARK):
            assert conn.execute(statement.encode(), {"dataset": dataset}).rowcount == 0


@pytest.mark.parametrize("held", ["tenant", "dataset"])
def test_no_token_is_forgotten_while_something_is_held(
    conn: Connection, alpha: Tenant, beta: Tenant, held: str
) -> None:
    token = new_token(conn, alpha)
    forget = "SELECT dsvault.forget_tokens(%s, 'article 17')"
    if held == "tenant":
        hold = "UPDATE dsvault.tenants SET settings = %s WHERE id = %s"
        conn.execute(hold, [json.dumps(HELD), alpha.id])
    else:
        kept(conn, alpha, HELD)
    kept(conn, beta, HELD)
    with refused("DV604", "under legal hold") as error, as_tenant(conn, alpha.id, alpha.admin):
        conn.execute(forget, [[token]])
    place = "settings of the tenant" if held == "tenant" else "retention_policy of a dataset"
    assert place in str(error.value.diag.message_detail)
    reader = new_user(conn, alpha, "reader", "viewer")
    with pytest.raises(psycopg.Error) as untold, as_tenant(conn, alpha.id, reader):
        conn.execute(forget, [[token]])
    assert untold.value.sqlstate == "DV602", "who may not forget is not told of holds"

    conn.execute("UPDATE dsvault.tenants SET settings = '{}' WHERE id = %s", [alpha.id])
    conn.execute(LIFT.partition(" WHERE")[0].encode())
    with as_tenant(conn, alpha.id, alpha.admin):
        assert conn.execute(forget, [[token]]).fetchone() == (1,)


def test_another_dataset_s_hold_is_in_nobody_s_way(
    conn: Connection, alpha: Tenant, beta: Tenant
) -> None:
    kept(conn, beta, HELD)
    dataset = kept(conn, alpha, {})
    assert do(conn, alpha, DELETES["datasets"], dataset) == 1


@pytest.mark.parametrize(
    ("policy", "settings", "expected"),
    [
        ({}, HELD, "DV745 Held: the tenant."),
        (HELD, {}, "DV745 Held: d."),
        (HELD, HELD, "DV745 Held: the tenant, d."),
        (KEPT, {}, "DV746 min_days of the retention_policy are not over: d."),
    ],
)
def test_a_tenant_with_anything_to_keep_is_not_erased(
    conn: Connection,
    alpha: Tenant,
    policy: dict[str, object],
    settings: dict[str, object],
    expected: str,
) -> None:
    dataset = kept(conn, alpha, policy)
    text = json.dumps(settings)
    conn.execute("UPDATE dsvault.tenants SET settings = %s WHERE id = %s", [text, alpha.id])
    with as_role(conn, "dsvault_operator"):
        conn.execute("SELECT dsvault.close_tenant(%s)", [alpha.id])
        with pytest.raises(psycopg.Error) as error, conn.transaction():
            conn.execute("SELECT dsvault.erase_tenant(%s, 'alpha')", [alpha.id])
    assert f"{error.value.sqlstate} {error.value.diag.message_detail}" == expected
    conn.execute("UPDATE dsvault.tenants SET settings = '{}' WHERE id = %s", [alpha.id])
    conn.execute(LIFT.encode(), {"dataset": dataset})
    with as_role(conn, "dsvault_operator"):
        conn.execute("SELECT dsvault.erase_tenant(%s, 'alpha')", [alpha.id])


def age(conn: Connection, dataset: UUID, days: int) -> None:
    """Let the versions of a dataset have been made earlier."""
    conn.execute("SET LOCAL session_replication_role = replica")
    conn.execute(
        "UPDATE dsvault.dataset_versions SET created_at = created_at - make_interval(days => %s)"
        " WHERE dataset_id = %s",
        [days, dataset],
    )
    conn.execute("SET LOCAL session_replication_role = origin")
