"""Rulings 9 to 13 of sql/design/corrections.md: isolation where the document has none.

Each ruling has its decisive tests here; tests/isolation attacks all of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from psycopg import errors
from tests.schema.builders import (
    HASH,
    Tenant,
    count,
    fill,
    insert,
    key_of,
    new_dataset,
    new_user,
)
from tests.support.actors import as_role, as_tenant
from tests.support.sealed import sealed

if TYPE_CHECKING:
    from uuid import UUID

    from psycopg import Connection

TABLES = (
    "tenants",
    "users",
    "roles",
    "user_roles",
    "schemas",
    "encryption_keys",
    "datasets",
    "dataset_versions",
    "records",
    "tokens",
    "audit_logs",
    "lineage_edges",
)


def tenants_of(conn: Connection, table: str) -> set[UUID]:
    """Return the tenants whose rows of a table are seen."""
    column = "id" if table == "tenants" else "tenant_id"
    rows = conn.execute(f"SELECT DISTINCT {column} FROM dsvault.{table}")
    return {tenant for (tenant,) in rows.fetchall()}


# Ruling 9


def test_a_user_without_roles_reads_changes_and_removes_no_dataset(
    conn: Connection, alpha: Tenant
) -> None:
    new_dataset(conn, alpha)
    nobody = new_user(conn, alpha, "nobody")
    with as_tenant(conn, alpha.id, nobody):
        assert count(conn, "datasets") == 0
        assert conn.execute("UPDATE dsvault.datasets SET name = 'mine'").rowcount == 0
        assert conn.execute("DELETE FROM dsvault.datasets").rowcount == 0
        with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
            conn.execute(
                "INSERT INTO dsvault.datasets (name, owner_id) VALUES ('new', %s)", [nobody]
            )


def test_no_permissive_policy_opens_a_tenant_without_the_floor(
    conn: Connection, alpha: Tenant, beta: Tenant
) -> None:
    fill(conn, alpha)
    fill(conn, beta)
    dropped = conn.execute(
        """SELECT format('DROP POLICY %I ON %s', polname, polrelid::regclass) FROM pg_policy
           WHERE NOT polpermissive"""
    ).fetchall()
    assert len(dropped) >= len(TABLES)
    for (statement,) in dropped:
        conn.execute(statement)
    for table in TABLES:
        with as_tenant(conn, alpha.id, alpha.admin):
            assert tenants_of(conn, table) == {alpha.id}, table


def test_no_permissive_policy_opens_another_tenant_below_the_floor(
    conn: Connection, alpha: Tenant, beta: Tenant
) -> None:
    fill(conn, alpha)
    fill(conn, beta)
    for table in TABLES:
        conn.execute(f"CREATE POLICY open ON dsvault.{table} TO dsvault_app USING (true)")
        with as_tenant(conn, alpha.id, alpha.admin):
            assert tenants_of(conn, table) == {alpha.id}, table


# Rulings 10 and 11


@pytest.mark.parametrize("table", TABLES)
def test_a_tenant_sees_its_own_rows_of_every_table_and_no_others(
    conn: Connection, alpha: Tenant, beta: Tenant, table: str
) -> None:
    for tenant in (alpha, beta):
        fill(conn, tenant)
    assert {alpha.id, beta.id} <= tenants_of(conn, table)
    with as_tenant(conn, alpha.id, alpha.admin):
        assert tenants_of(conn, table) == {alpha.id}


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("encryption_keys", "status = 'revoked'"),
        ("tokens", "accessed_count = 7"),
        ("dataset_versions", "message = 'Mine'"),
        ("datasets", "name = 'mine'"),
    ],
)
def test_a_tenant_changes_its_own_rows_and_no_others(
    conn: Connection, alpha: Tenant, beta: Tenant, table: str, change: str
) -> None:
    for tenant in (alpha, beta):
        fill(conn, tenant)
    with as_tenant(conn, alpha.id, alpha.admin):
        conn.execute(f"UPDATE dsvault.{table} SET {change}")
    changed = conn.execute(f"SELECT tenant_id FROM dsvault.{table} WHERE {change}").fetchall()
    assert changed == [(alpha.id,)]


def test_an_application_writes_versions_and_records(conn: Connection, alpha: Tenant) -> None:
    dataset = new_dataset(conn, alpha)
    author = new_user(conn, alpha, "author", "data_scientist")
    key = key_of(conn, alpha)
    with as_tenant(conn, alpha.id, author):
        version = insert(
            conn,
            "dataset_versions",
            dataset_id=dataset,
            version_number=1,
            commit_id=HASH,
            tree_hash=HASH,
            message="First",
            author_id=author,
            storage_path="s3://bucket",
            manifest_hash=HASH,
        )
        insert(
            conn,
            "records",
            dataset_id=dataset,
            version_id=version,
            content_hash=HASH,
            encrypted_data=sealed(key),
        )
        assert (count(conn, "dataset_versions"), count(conn, "records")) == (1, 1)


# Ruling 12


def test_the_owner_sees_the_system_tenant_and_nothing_else(conn: Connection, alpha: Tenant) -> None:
    fill(conn, alpha)
    with as_role(conn, "dsvault_owner"):
        seen = {table: count(conn, table) for table in TABLES}
    assert seen == dict.fromkeys(TABLES, 0) | {"tenants": 1, "roles": 4}


def test_the_owner_cannot_log_in(conn: Connection) -> None:
    row = conn.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'dsvault_owner'")
    assert row.fetchone() == (False,)


def test_a_deployment_that_would_miss_rows_fails_instead(conn: Connection, alpha: Tenant) -> None:
    fill(conn, alpha)
    with (
        as_role(conn, "dsvault_owner", row_security="off"),
        pytest.raises(errors.InsufficientPrivilege, match="row-level security policy"),
    ):
        conn.execute("UPDATE dsvault.datasets SET name = upper(name)")


# Ruling 13


def partitions(conn: Connection) -> list[str]:
    rows = conn.execute(
        """SELECT oid::regclass::text FROM pg_class
           WHERE relnamespace = 'dsvault'::regnamespace AND relispartition AND relkind = 'r'"""
    )
    return [name for (name,) in rows.fetchall()]


def test_no_partition_is_open_by_its_own_name_nor_one_made_later(
    conn: Connection, alpha: Tenant
) -> None:
    before = partitions(conn)
    conn.execute("SELECT dsvault.ensure_audit_partitions(6)")
    after = partitions(conn)
    assert (len(before), len(after)) == (21, 24)
    for role in ("dsvault_app", "dsvault_reader", "dsvault_auditor", "dsvault_operator"):
        for partition in after:
            with (
                as_tenant(conn, alpha.id, alpha.admin, role=role),
                pytest.raises(errors.InsufficientPrivilege, match="permission denied"),
            ):
                conn.execute(f"SELECT FROM {partition}")


def test_a_grant_on_a_partition_would_still_show_nothing(conn: Connection, alpha: Tenant) -> None:
    fill(conn, alpha)
    for partition in partitions(conn):
        conn.execute(f"GRANT SELECT ON {partition} TO dsvault_app")
        with as_tenant(conn, alpha.id, alpha.admin):
            seen = conn.execute(f"SELECT count(*) FROM {partition}").fetchone()
        assert seen == (0,), partition
