"""Rulings 27 and 28 of sql/design/corrections.md: no secrets, what changed, and its name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.audit.trail import SECRET, TABLES, Trail
from tests.schema.builders import (
    insert,
    key_of,
    new_dataset,
    new_key,
    new_user,
    new_version,
    role_id,
)
from tests.support.sealed import sealed, wrapped

if TYPE_CHECKING:
    import psycopg
    from tests.schema.builders import Tenant


@pytest.mark.parametrize("rows", [1, 60])
def test_no_secret_enters_the_trail(
    conn: psycopg.Connection, alpha: Tenant, trail: Trail, rows: int
) -> None:
    ciphertext = sealed(key_of(conn, alpha)) + SECRET
    trail.new()
    conn.execute(
        """INSERT INTO dsvault.tokens (tenant_id, token_hash, encrypted_value, pii_type)
           SELECT %s, encode(sha256(i::text::bytea), 'hex'), %s, 'email'
           FROM generate_series(1, %s) AS i""",
        [alpha.id, ciphertext, rows],
    )
    conn.execute(
        "UPDATE dsvault.tokens SET encrypted_value = %s, accessed_count = 7", [ciphertext + SECRET]
    )
    new_key(conn, alpha, wrapped_key=wrapped() + SECRET)
    conn.execute(
        "UPDATE dsvault.encryption_keys SET wrapped_key = %s WHERE key_type = 'dataset'",
        [wrapped() + SECRET * 2],
    )
    conn.execute("DELETE FROM dsvault.tokens")
    hashes = {
        row[0]
        for row in conn.execute(
            "SELECT encode(sha256(i::text::bytea), 'hex') FROM generate_series(1, %s) AS i", [rows]
        )
    }
    entries = trail.new()
    assert len(entries) == 3 * rows + 2
    for entry in entries:
        text = str(entry.details)
        assert SECRET.hex() not in text
        assert not hashes & set(re.findall(r"[0-9a-f]{64}", text))
    updates = [entry.details for entry in entries if entry.action == "token.update"]
    assert [details["new"] for details in updates] == [
        {"encrypted_value": "(redacted)", "accessed_count": 7}
    ] * rows
    (rewrap,) = [entry.details for entry in entries if entry.action == "key.rewrap"]
    assert rewrap["old"] == rewrap["new"] == {"wrapped_key": "(redacted)"}


def test_every_column_that_holds_a_secret_is_redacted(conn: psycopg.Connection) -> None:
    binary = conn.execute(
        """SELECT c.relname::text, a.attname::text
           FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
           WHERE c.relnamespace = 'dsvault'::regnamespace AND c.relname = ANY (%s)
               AND (a.atttypid = 'bytea'::regtype
                   OR a.attname IN ('token_hash', 'content_hash', 'pii_annotations'))""",
        [list(TABLES)],
    ).fetchall()
    kinds = {"encryption_keys": "key", "tokens": "token", "records": "record"}
    assert {kinds[table] for table, _ in binary} == {"key", "token", "record"}
    for table, column in binary:
        assert conn.execute(
            "SELECT %s = ANY (dsvault.audit_redacted_columns(%s))", [column, kinds[table]]
        ).fetchone() == (True,)


@pytest.mark.parametrize("rows", [1, 60])
def test_an_update_records_what_changed_and_nothing_else(
    conn: psycopg.Connection, alpha: Tenant, trail: Trail, rows: int
) -> None:
    conn.execute(
        """INSERT INTO dsvault.datasets (tenant_id, name, owner_id)
           SELECT %s, 'd' || i, %s FROM generate_series(1, %s) AS i""",
        [alpha.id, alpha.admin, rows],
    )
    trail.new()
    conn.execute("UPDATE dsvault.datasets SET description = 'new', metadata = metadata")
    details = [entry.details for entry in trail.new()]
    assert len(details) == rows
    for one in details:
        assert (one["old"], one["new"]) == ({"description": None}, {"description": "new"})


def test_few_rows_and_many_are_recorded_alike(
    conn: psycopg.Connection, alpha: Tenant, trail: Trail
) -> None:
    """The two ways of create_audit_log, on every kind of column, give the same entries."""
    schema = insert(
        conn, "schemas", tenant_id=alpha.id, name="s", definition="{}", created_by=alpha.admin
    )
    trail.new()
    said = []
    for rows in (50, 51):
        conn.execute("SAVEPOINT rows")
        conn.execute(
            """INSERT INTO dsvault.datasets (tenant_id, name, owner_id, schema_id, metadata, tags,
                   retention_policy)
               SELECT %s, 'd' || i, %s, CASE WHEN i %% 2 = 0 THEN %s::uuid END,
                   '{"deep": {"null": null}}', ARRAY['a', NULL, 'c,"'], CASE i WHEN 3 THEN
                   '{"duration_days": 1}'::jsonb END
               FROM generate_series(1, %s) AS i""",
            [alpha.id, alpha.admin, schema, rows],
        )
        conn.execute(
            """UPDATE dsvault.datasets SET description = name, schema_id = NULL,
                   deleted_at = CASE WHEN name = 'd4' THEN now() END"""
        )
        conn.execute("UPDATE dsvault.datasets SET tags = '{}', metadata = '{}' WHERE name <> 'd9'")
        conn.execute("DELETE FROM dsvault.datasets")
        entries = [
            (entry.action, {k: v for k, v in entry.details.items() if k != "login"})
            for entry in trail.new()
            if "d51" not in str(entry.details) and entry.action
        ]
        said.append(sorted(map(str, entries)))
        conn.execute("ROLLBACK TO rows")
    few, many = said
    assert len(few) == 50 * 4 - 1
    # Of the 51st row the third statement's entry does not tell the name.
    assert set(few) == set(many)


def test_a_grant_tells_its_role_whatever_happened_to_it(
    conn: psycopg.Connection, alpha: Tenant, trail: Trail
) -> None:
    user = new_user(conn, alpha, "one", "viewer")
    conn.execute("UPDATE dsvault.user_roles SET expires_at = now() WHERE user_id = %s", [user])
    conn.execute("DELETE FROM dsvault.user_roles WHERE user_id = %s", [user])
    _, grant, change, revoke = trail.new()
    viewer = str(role_id(conn, alpha, "viewer"))
    assert [grant.details["new"]["role_id"], change.details["role_id"]] == [viewer, viewer]
    assert revoke.details["old"]["role_id"] == viewer
    assert {entry.resource_id for entry in (grant, change, revoke)} == {user}


@pytest.mark.parametrize(
    ("table", "change", "action"),
    [
        ("tenants", "suspended_at = now(), suspension_reason = 'x'", "tenant.suspend"),
        ("users", "status = 'suspended'", "user.suspend"),
        ("users", "status = 'locked'", "user.lock"),
        ("users", "name = 'x'", "user.update"),
        ("users", "is_deleted = true", "user.soft_delete"),
        ("datasets", "deleted_at = now()", "dataset.soft_delete"),
        ("datasets", "name = 'x'", "dataset.update"),
        ("dataset_versions", "status = 'published'", "version.publish"),
        ("encryption_keys", "status = 'rotated'", "key.rotate"),
        ("encryption_keys", "status = 'revoked'", "key.revoke"),
        ("encryption_keys", "wrapped_key = wrapped_key || '\\x01'", "key.rewrap"),
        ("schemas", "status = 'deprecated'", "schema.deprecate"),
    ],
)
def test_an_action_has_the_name_that_people_give_it(
    conn: psycopg.Connection, alpha: Tenant, table: str, change: str, action: str
) -> None:
    row = {
        "tenants": lambda: alpha.id,
        "users": lambda: new_user(conn, alpha, "one"),
        "datasets": lambda: new_dataset(conn, alpha),
        "dataset_versions": lambda: new_version(conn, alpha, new_dataset(conn, alpha)),
        "encryption_keys": lambda: new_key(conn, alpha),
        "schemas": lambda: insert(
            conn, "schemas", tenant_id=alpha.id, name="s", definition="{}", created_by=alpha.admin
        ),
    }[table]()
    trail = Trail(conn)
    conn.execute(f"UPDATE dsvault.{table} SET {change} WHERE id = %s".encode(), [row])
    (entry,) = trail.new()
    assert (entry.action, entry.resource_id) == (action, row)
    assert entry.details["operation"] == "UPDATE"


@pytest.mark.parametrize("keys", [1, 60])
@pytest.mark.parametrize("output", ["hex", "escape"])
def test_the_trail_tells_that_a_key_was_destroyed_not_wrapped_anew(
    conn: psycopg.Connection, alpha: Tenant, keys: int, output: str
) -> None:
    conn.execute(f"SET LOCAL bytea_output = {output}".encode())
    for _ in range(keys):
        new_key(conn, alpha, status="rotated", wrapped_key=wrapped())
    conn.execute("UPDATE dsvault.encryption_keys SET status = 'revoked' WHERE status = 'rotated'")
    trail = Trail(conn)
    conn.execute(
        "UPDATE dsvault.encryption_keys SET wrapped_key = substring(wrapped_key FROM 1 FOR 5)"
        " || '\\x00' WHERE status = 'revoked'"
    )
    entries = trail.new()
    assert [entry.action for entry in entries] == ["key.destroy"] * keys
    for entry in entries:
        assert entry.details["old"] == {"wrapped_key": "(redacted)"}
        assert entry.details["new"] == {"wrapped_key": "(destroyed)"}
