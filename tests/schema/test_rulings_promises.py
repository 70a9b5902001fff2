"""Rulings 29, 31, 34, 36 and 37 of sql/design/corrections.md, as far as this release keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from psycopg import errors
from tests.schema.builders import Tenant, insert, new_dataset, new_key, new_user
from tests.support.actors import as_tenant

if TYPE_CHECKING:
    from uuid import UUID

    from psycopg import Connection


# Ruling 29


def test_nothing_that_is_deleted_changes_the_trail(conn: Connection, alpha: Tenant) -> None:
    references = conn.execute(
        """SELECT conname FROM pg_constraint
           WHERE contype = 'f' AND conrelid = 'dsvault.audit_logs'::regclass"""
    ).fetchall()
    assert references == []
    user = new_user(conn, alpha, "one")
    entry = insert(
        conn,
        "audit_logs",
        tenant_id=alpha.id,
        user_id=user,
        action="dataset.read",
        resource_type="dataset",
    )
    conn.execute("DELETE FROM dsvault.users WHERE id = %s", [user])
    kept = conn.execute("SELECT user_id FROM dsvault.audit_logs WHERE id = %s", [entry])
    assert kept.fetchone() == (user,)


@pytest.mark.parametrize("role", ["dsvault_app", "dsvault_auditor", "dsvault_operator"])
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO dsvault.audit_logs (action, resource_type) VALUES ('a', 'b')",
        "UPDATE dsvault.audit_logs SET action = 'nothing'",
        "DELETE FROM dsvault.audit_logs",
        "TRUNCATE dsvault.audit_logs",
    ],
)
def test_nobody_is_granted_to_write_the_trail(
    conn: Connection, alpha: Tenant, role: str, statement: str
) -> None:
    with (
        as_tenant(conn, alpha.id, alpha.admin, role=role),
        pytest.raises(errors.InsufficientPrivilege, match="permission denied"),
    ):
        conn.execute(statement)


# Ruling 31


@pytest.mark.parametrize(
    "change", ["is_deleted = true", "deleted_at = now()", "deleted_at = '1999-12-31'"]
)
def test_the_two_marks_of_deletion_follow_each_other(
    conn: Connection, alpha: Tenant, change: str
) -> None:
    user = new_user(conn, alpha, "one")
    marks = conn.execute(
        f"""UPDATE dsvault.users SET {change} WHERE id = %s
            RETURNING is_deleted, deleted_at = now()""",
        [user],
    ).fetchone()
    assert marks == (True, True), "the time is the server's, whatever the client says"


def test_the_two_marks_cannot_disagree_even_without_the_trigger(
    conn: Connection, alpha: Tenant
) -> None:
    conn.execute("ALTER TABLE dsvault.users DISABLE TRIGGER soft_delete_users")
    with pytest.raises(errors.CheckViolation, match="users_deletion_check"):
        new_user(conn, alpha, "one", is_deleted=True)


@pytest.mark.parametrize("change", ["is_deleted = false", "deleted_at = NULL"])
def test_a_deleted_row_does_not_come_back_by_an_update(
    conn: Connection, alpha: Tenant, change: str
) -> None:
    user = new_user(conn, alpha, "one", is_deleted=True)
    with pytest.raises(errors.Error, match="Cannot undelete records") as refused:
        conn.execute(f"UPDATE dsvault.users SET {change} WHERE id = %s", [user])
    assert refused.value.sqlstate == "DV103"


def test_a_deleted_dataset_does_not_come_back_by_an_update(conn: Connection, alpha: Tenant) -> None:
    dataset = new_dataset(conn, alpha, deleted_at="now")
    with pytest.raises(errors.Error, match="Cannot undelete records") as refused:
        conn.execute("UPDATE dsvault.datasets SET deleted_at = NULL WHERE id = %s", [dataset])
    assert refused.value.sqlstate == "DV103"


# Ruling 34


@pytest.mark.parametrize("policy", ['"90 days"', "[]", "90"])
def test_a_retention_policy_is_an_object(conn: Connection, alpha: Tenant, policy: str) -> None:
    new_dataset(conn, alpha, "kept", retention_policy='{"duration_days": 90, "action": "archive"}')
    with pytest.raises(errors.CheckViolation, match="datasets_retention_policy_is_object"):
        new_dataset(conn, alpha, retention_policy=policy)


# Ruling 36


def test_whoever_encrypts_finds_one_active_key(
    conn: Connection, alpha: Tenant, beta: Tenant
) -> None:
    for tenant in (alpha, beta):
        new_key(conn, tenant)
    new_key(conn, alpha, key_type="field")
    new_key(conn, alpha, kms_provider="vault")
    new_key(conn, alpha, status="rotated")
    with pytest.raises(errors.UniqueViolation, match="keys_active_unique"):
        new_key(conn, alpha)


def test_a_key_for_cbc_can_be_imported_and_not_be_active(conn: Connection, alpha: Tenant) -> None:
    key = new_key(conn, alpha, algorithm="AES-256-CBC", status="rotated")
    with pytest.raises(errors.CheckViolation, match="keys_cbc_not_active"), conn.transaction():
        new_key(conn, alpha, algorithm="AES-256-CBC")
    with pytest.raises(errors.CheckViolation, match="keys_cbc_not_active"):
        conn.execute("UPDATE dsvault.encryption_keys SET status = 'active' WHERE id = %s", [key])


def test_a_dataset_s_key_exists_in_its_tenant_and_stays_while_it_is_used(
    conn: Connection, alpha: Tenant, beta: Tenant
) -> None:
    key, other = new_key(conn, alpha), new_key(conn, beta)
    with (
        pytest.raises(errors.ForeignKeyViolation, match="datasets_encryption_key_fk"),
        conn.transaction(),
    ):
        new_dataset(conn, alpha, encryption_key_id=other)
    new_dataset(conn, alpha, encryption_key_id=key)
    # PostgreSQL 18 has a class of its own for what RESTRICT refuses.
    with pytest.raises(errors.IntegrityError, match="datasets_encryption_key_fk"):
        conn.execute("DELETE FROM dsvault.encryption_keys WHERE id = %s", [key])


# Ruling 37


def edge(conn: Connection, tenant: Tenant, source: UUID, target: UUID) -> UUID:
    return insert(
        conn,
        "lineage_edges",
        tenant_id=tenant.id,
        source_type="dataset",
        source_id=source,
        target_type="dataset",
        target_id=target,
        relationship="derived_from",
    )


def test_nothing_comes_from_itself(conn: Connection, alpha: Tenant) -> None:
    one, two = new_dataset(conn, alpha, "one"), new_dataset(conn, alpha, "two")
    edge(conn, alpha, one, two)
    with pytest.raises(errors.CheckViolation, match="lineage_no_self_edge"):
        edge(conn, alpha, one, one)


def test_the_direction_of_an_edge_is_written_down(conn: Connection) -> None:
    comment = conn.execute(
        """SELECT col_description(attrelid, attnum) FROM pg_attribute
           WHERE attrelid = 'dsvault.lineage_edges'::regclass AND attname = 'source_id'"""
    ).fetchone()
    assert "source was made from target" in comment[0]
