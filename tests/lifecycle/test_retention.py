"""Retention policies have a shape, say what they would do and why not, and do it in steps."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.schema.builders import (
    new_dataset,
    new_key,
    new_record,
    new_token,
    new_user,
    new_version,
)
from tests.support.actors import as_role, as_tenant

if TYPE_CHECKING:
    from uuid import UUID

    from psycopg import Connection
    from tests.schema.builders import Tenant
    from tests.support.database import Database

OLD = "2020-01-01"


def aged(
    conn: Connection,
    tenant: Tenant,
    policy: dict[str, object],
    *,
    name: str = "d",
    records: int = 2,
) -> tuple[UUID, UUID]:
    """Make a dataset under a policy with a version of 2020 that is published."""
    dataset = new_dataset(conn, tenant, name, retention_policy=json.dumps(policy))
    version = new_version(conn, tenant, dataset)
    for _ in range(records):
        new_record(conn, tenant, dataset, version)
    conn.execute("SET LOCAL session_replication_role = replica")
    conn.execute(
        "UPDATE dsvault.dataset_versions SET created_at = %s WHERE id = %s", [OLD, version]
    )
    conn.execute("SET LOCAL session_replication_role = origin")
    conn.execute(
        "UPDATE dsvault.dataset_versions SET status = 'published' WHERE id = %s", [version]
    )
    return dataset, version


def due(conn: Connection, tenant: Tenant) -> list[tuple[object, ...]]:
    with as_role(conn, "dsvault_operator"):
        return conn.execute(
            "SELECT version_id, action, blocked_by FROM dsvault.retention_due(%s)", [tenant.id]
        ).fetchall()


def apply(conn: Connection, tenant: Tenant, batch_rows: int = 1000) -> int:
    with as_role(conn, "dsvault_operator"):
        row = conn.execute(
            "SELECT dsvault.apply_retention(%s, %s)", [tenant.id, batch_rows]
        ).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("policy", "is_good"),
    [
        ({}, True),
        ({"duration_days": 90, "action": "archive"}, True),
        ({"duration_days": 1, "action": "delete", "min_days": 0, "legal_hold": True}, True),
        ({"duration_days": 0}, False),
        ({"duration_days": 1.5}, False),
        ({"duration_days": "90"}, False),
        ({"duration_days": None}, False),
        ({"duration_days": 10**9}, False),
        ({"duration_days": 1, "action": "remove"}, False),
        ({"duration_days": 1, "action": 1}, False),
        ({"min_days": -1}, False),
        ({"legal_hold": "yes"}, False),
        ({"durationdays": 90}, False),
    ],
)
def test_a_policy_has_a_shape(
    conn: Connection, alpha: Tenant, policy: dict[str, object], is_good: bool
) -> None:
    if is_good:
        new_dataset(conn, alpha, retention_policy=json.dumps(policy))
        return
    with pytest.raises(psycopg.errors.CheckViolation, match="datasets_retention_policy_shape"):
        new_dataset(conn, alpha, retention_policy=json.dumps(policy))


def test_an_action_says_after_what_time(conn: Connection, alpha: Tenant) -> None:
    for policy in ({"legal_hold": True}, {"min_days": 30}, {"duration_days": 30}):
        new_dataset(conn, alpha, str(policy), retention_policy=json.dumps(policy))
    for action in ("archive", "delete", "anonymize", "review"):
        policy = {"action": action, "min_days": 30, "legal_hold": False}
        with (
            pytest.raises(
                psycopg.errors.CheckViolation, match="datasets_retention_action_has_duration"
            ),
            conn.transaction(),
        ):
            new_dataset(conn, alpha, action, retention_policy=json.dumps(policy))


def test_what_is_due_is_shown_with_what_is_in_the_way(
    conn: Connection, alpha: Tenant, beta: Tenant
) -> None:
    new_version(
        conn, alpha, new_dataset(conn, alpha, "young", retention_policy='{"duration_days": 9}')
    )
    new_version(conn, alpha, new_dataset(conn, alpha, "none"))
    expected = {}
    for number, (policy, blocked) in enumerate(
        [
            ({"action": "archive"}, None),
            ({"action": "delete"}, None),
            ({"action": "delete", "legal_hold": True}, "legal hold"),
            ({"action": "delete", "min_days": 90000}, "min_days"),
            ({"action": "anonymize"}, "nothing in it is a token"),
            ({}, "waits for a review by its owner"),
        ]
    ):
        _, version = aged(conn, alpha, {"duration_days": 30, **policy}, name=f"d{number}")
        expected[version] = (policy.get("action", "review"), blocked)
    found = {version: (action, blocked) for version, action, blocked in due(conn, alpha)}
    assert set(found) == set(expected)
    for version, (action, blocked) in expected.items():
        assert found[version][0] == action
        assert (blocked is None) == (found[version][1] is None)
        assert blocked is None or blocked in str(found[version][1])
    assert due(conn, beta) == []


def test_archive_and_delete_are_done_and_nothing_that_is_blocked(
    conn: Connection, alpha: Tenant
) -> None:
    _, archived = aged(conn, alpha, {"duration_days": 30, "action": "archive"}, name="a")
    _, deleted = aged(conn, alpha, {"duration_days": 30, "action": "delete"}, name="b")
    _, held = aged(
        conn, alpha, {"duration_days": 30, "action": "delete", "legal_hold": True}, name="c"
    )
    assert apply(conn, alpha) > 0
    assert apply(conn, alpha) == 0
    left = dict(conn.execute("SELECT id, status FROM dsvault.dataset_versions").fetchall())
    assert left == {archived: "archived", held: "published"}
    assert deleted not in left
    assert [row[1] for row in due(conn, alpha)] == ["delete"]
    kept = conn.execute("SELECT DISTINCT version_id FROM dsvault.records").fetchall()
    assert {row[0] for row in kept} == {archived, held}


def test_nothing_is_done_in_a_tenant_under_legal_hold(conn: Connection, alpha: Tenant) -> None:
    for name in ("archive", "delete"):
        aged(conn, alpha, {"duration_days": 30, "action": name}, name=name)
    settings = "UPDATE dsvault.tenants SET settings = %s WHERE id = %s"
    conn.execute(settings, ['{"legal_hold": true}', alpha.id])
    assert {row[2] for row in due(conn, alpha)} == {"legal hold of the tenant"}
    assert apply(conn, alpha) == 0
    conn.execute(settings, ["{}", alpha.id])
    assert apply(conn, alpha) == 4


def test_it_goes_in_steps_no_longer_than_the_batch(conn: Connection, alpha: Tenant) -> None:
    aged(conn, alpha, {"duration_days": 30, "action": "delete"}, records=7)
    steps = []
    while done := apply(conn, alpha, 3):
        steps.append(done)
    assert steps == [3, 3, 2]


def test_retention_waits_for_no_reader(vault: Database, conn: Connection, alpha: Tenant) -> None:
    aged(conn, alpha, {"duration_days": 30, "action": "delete"})
    conn.commit()
    with vault.connect(superuser=True) as reader:
        count = "SELECT count(*) FROM dsvault.records"
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        assert reader.execute(count).fetchone() == (2,)
        conn.execute("SET lock_timeout = '300ms'")
        assert apply(conn, alpha) == 3
        conn.commit()
        assert reader.execute(count).fetchone() == (2,)


def test_retention_is_for_operators_alone(conn: Connection, alpha: Tenant) -> None:
    for call in ("retention_due(%s)", "apply_retention(%s)", "expire(%s)"):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            as_tenant(conn, alpha.id, alpha.admin),
        ):
            conn.execute(f"SELECT dsvault.{call}".encode(), [alpha.id])


def test_what_has_reached_its_time_is_marked_or_gone(conn: Connection, alpha: Tenant) -> None:
    old, new = new_key(conn, alpha, expires_at=OLD), new_key(conn, alpha, key_type="field")
    user = new_user(conn, alpha, "guest", "viewer")
    new_user(conn, alpha, "other", "viewer")
    conn.execute("UPDATE dsvault.user_roles SET expires_at = %s WHERE user_id = %s", [OLD, user])
    with as_role(conn, "dsvault_operator"):
        found = conn.execute("SELECT * FROM dsvault.expire(%s)", [alpha.id]).fetchone()
        again = conn.execute("SELECT * FROM dsvault.expire(%s)", [alpha.id]).fetchone()
    assert found == (1, 1, 0)
    assert again == (0, 0, 0)
    keys = dict(conn.execute("SELECT id, status FROM dsvault.encryption_keys").fetchall())
    assert keys == {old: "expired", new: "active"}


def test_a_hold_keeps_tokens_that_have_expired(conn: Connection, alpha: Tenant) -> None:
    new_token(conn, alpha, expires_at=OLD)
    policy = "UPDATE dsvault.datasets SET retention_policy = %s"
    new_dataset(conn, alpha)
    conn.execute(policy, ['{"legal_hold": true}'])
    expire = "SELECT tokens FROM dsvault.expire(%s)"
    with as_role(conn, "dsvault_operator"):
        assert conn.execute(expire, [alpha.id]).fetchone() == (0,)
    conn.execute(policy, [None])
    with as_role(conn, "dsvault_operator"):
        assert conn.execute(expire, [alpha.id]).fetchone() == (1,)
