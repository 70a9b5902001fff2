"""Ruling 26 of sql/design/corrections.md: whatever happens to a row leaves an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql
from tests.audit.trail import TABLES, Trail
from tests.schema.builders import (
    SYSTEM_TENANT,
    insert,
    key_of,
    new_dataset,
    new_key,
    new_record,
    new_token,
    new_user,
    new_version,
)
from tests.support.actors import as_role
from tests.support.sealed import sealed

if TYPE_CHECKING:
    from tests.schema.builders import Tenant


@pytest.mark.parametrize("event", ["INSERT", "UPDATE", "DELETE", "TRUNCATE"])
def test_every_table_but_the_trail_has_a_trigger_for_every_event(
    conn: psycopg.Connection, event: str
) -> None:
    tables = conn.execute(
        """SELECT DISTINCT c.relname::text FROM pg_trigger AS t
               JOIN pg_class AS c ON c.oid = t.tgrelid
           WHERE t.tgname ~ '^audit_' AND t.tgenabled = 'O' AND NOT c.relispartition
               AND pg_get_triggerdef(t.oid) ~ %s""",
        [f"AFTER {event} .*FOR EACH STATEMENT"],
    ).fetchall()
    assert {name for (name,) in tables} == set(TABLES)


def test_rows_of_all_tables_leave_entries_when_made_changed_and_removed(
    conn: psycopg.Connection, alpha: Tenant, trail: Trail
) -> None:
    user = new_user(conn, alpha, "one", "viewer")
    schema = insert(
        conn, "schemas", tenant_id=alpha.id, name="s", definition="{}", created_by=alpha.admin
    )
    new_key(conn, alpha)
    dataset = new_dataset(conn, alpha, owner_id=user, schema_id=schema)
    version = new_version(conn, alpha, dataset)
    new_record(conn, alpha, dataset, version)
    new_token(conn, alpha)
    insert(
        conn,
        "lineage_edges",
        tenant_id=alpha.id,
        source_type="dataset",
        source_id=dataset,
        target_type="version",
        target_id=version,
        relationship="derived_from",
    )
    insert(conn, "roles", tenant_id=alpha.id, name="own")
    assert trail.actions() == [
        *("user.create", "user_role.grant", "schema.create", "key.create", "dataset.create"),
        *("version.create", "record.create", "token.create", "lineage.create", "role.create"),
    ]
    for change in (
        "user_roles SET granted_at = now() - interval '1 day'",
        "schemas SET description = 'x'",
        "encryption_keys SET expires_at = now()",
        "datasets SET description = 'x'",
        "dataset_versions SET message = 'x'",
        "records SET pii_annotations = '{}'",
        "tokens SET accessed_count = 1",
        "lineage_edges SET metadata = '{\"a\": 1}'",
        "roles SET description = 'x'",
        "users SET avatar_url = 'x'",
    ):
        conn.execute(
            f"UPDATE dsvault.{change} WHERE tenant_id = %s".encode(),
            [alpha.id],
        )
    conn.execute("UPDATE dsvault.tenants SET name = 'x' WHERE id = %s", [alpha.id])
    assert set(trail.actions()) == {
        *("user.update", "user_role.update", "schema.update", "key.update", "dataset.update"),
        *("version.update", "record.update", "token.update", "lineage.update", "role.update"),
        "tenant.update",
    }


def test_a_cascade_leaves_entries_of_what_it_took_along(
    conn: psycopg.Connection, alpha: Tenant, trail: Trail
) -> None:
    dataset = new_dataset(conn, alpha)
    version = new_version(conn, alpha, dataset)
    record = new_record(conn, alpha, dataset, version)
    trail.new()
    conn.execute("DELETE FROM dsvault.datasets WHERE id = %s", [dataset])
    entries = {entry.action: entry for entry in trail.new()}
    assert set(entries) == {"dataset.delete", "version.delete", "record.delete"}
    assert entries["version.delete"].resource_id == version
    assert entries["record.delete"].details["record_ids"] == [str(record)]


def test_a_reference_that_is_set_to_null_leaves_an_entry(
    conn: psycopg.Connection, alpha: Tenant, trail: Trail
) -> None:
    user = new_user(conn, alpha, "one")
    insert(conn, "roles", tenant_id=alpha.id, name="own", created_by=user)
    trail.new()
    conn.execute("DELETE FROM dsvault.users WHERE id = %s", [user])
    changes = {entry.action: entry.details for entry in trail.new()}
    assert changes["role.update"]["old"] == {"created_by": str(user)}
    assert changes["role.update"]["new"] == {"created_by": None}


def test_functions_of_the_vault_leave_entries_too(conn: psycopg.Connection) -> None:
    trail = Trail(conn)
    with as_role(conn, "dsvault_operator"):
        tenant = conn.execute(
            "SELECT tenant_id FROM dsvault.create_tenant('made', 'Made', 'a@made.example', 'A')"
        ).fetchone()
    entries = trail.new()
    assert {entry.action for entry in entries} == {
        *("tenant.create", "role.create", "user.create", "user_role.grant"),
    }
    assert {(entry.tenant_id,) for entry in entries} == {tenant}
    assert {entry.user_id for entry in entries} == {None}
    assert {entry.details["role"] for entry in entries} == {"dsvault_operator"}


@pytest.mark.parametrize("table", ["tokens", "records", "records_p3", "lineage_edges"])
def test_truncating_a_table_or_a_partition_leaves_an_entry(
    conn: psycopg.Connection, trail: Trail, table: str
) -> None:
    conn.execute(sql.SQL("TRUNCATE {}").format(sql.Identifier("dsvault", table)))
    kind = {"tokens": "token", "lineage_edges": "lineage"}.get(table, "record")
    entries = trail.new()
    assert {(entry.tenant_id, entry.action) for entry in entries} == {
        (SYSTEM_TENANT, f"{kind}.truncate")
    }


@pytest.mark.parametrize("rows", [1, 50, 51, 1000])
def test_records_leave_one_entry_a_statement_and_version(
    conn: psycopg.Connection, alpha: Tenant, trail: Trail, rows: int
) -> None:
    dataset = new_dataset(conn, alpha)
    first, second = (new_version(conn, alpha, dataset, number) for number in (1, 2))
    ciphertext = sealed(key_of(conn, alpha))
    trail.new()
    conn.execute(
        """INSERT INTO dsvault.records (tenant_id, dataset_id, version_id, content_hash,
               encrypted_data)
           SELECT %s, %s, v, repeat('0', 64), %s
           FROM generate_series(1, %s), unnest(%s::uuid[]) AS v""",
        [alpha.id, dataset, ciphertext, rows, [first, second]],
    )
    entries = trail.new()
    assert {(entry.action, entry.resource_type) for entry in entries} == {
        ("record.create", "version")
    }
    assert {entry.resource_id for entry in entries} == {first, second}
    assert [entry.details["record_count"] for entry in entries] == [rows, rows]
    assert all(("record_ids" in entry.details) == (rows <= 20) for entry in entries)


def test_a_statement_that_changes_nothing_leaves_no_entry(
    conn: psycopg.Connection, alpha: Tenant, trail: Trail
) -> None:
    new_dataset(conn, alpha)
    trail.new()
    conn.execute("UPDATE dsvault.datasets SET name = name")
    conn.execute("UPDATE dsvault.datasets SET name = 'x' WHERE false")
    conn.execute("DELETE FROM dsvault.datasets WHERE false")
    assert trail.new() == []
