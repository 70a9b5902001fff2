"""Rulings 25 to 28 of sql/design/corrections.md: what leaves an entry, and what the entry says."""

from __future__ import annotations

import re
from collections import Counter
from itertools import product
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors, sql
from tests.audit.trail import Trail
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
    role_id,
)
from tests.support.actors import as_role, as_tenant
from tests.support.sealed import sealed, wrapped

from dsvault.paths import project_root

if TYPE_CHECKING:
    from tests.schema.builders import Tenant

TABLES = (
    *("tenants", "users", "roles", "user_roles", "schemas", "encryption_keys"),
    *("datasets", "dataset_versions", "records", "tokens", "lineage_edges"),
)
SECRET = bytes.fromhex("deadbeefcafe")


@pytest.fixture
def trail(conn: psycopg.Connection, alpha: Tenant) -> Trail:
    """The trail, from after the tenant was made."""
    assert alpha
    return Trail(conn)


# Ruling 26: everything is audited


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


# Ruling 25: fails closed, and says who


def test_what_cannot_be_recorded_does_not_happen(conn: psycopg.Connection, alpha: Tenant) -> None:
    conn.execute("REVOKE INSERT ON dsvault.audit_logs FROM dsvault_recorder")
    with (
        pytest.raises(errors.InsufficientPrivilege, match="audit_logs"),
        as_tenant(conn, alpha.id, alpha.admin),
    ):
        conn.execute(
            "INSERT INTO dsvault.datasets (name, owner_id) VALUES ('lost', %s)", [alpha.admin]
        )
    assert not conn.execute("SELECT FROM dsvault.datasets WHERE name = 'lost'").fetchall()


@pytest.mark.parametrize(
    ("setting", "key"),
    [("app.current_user_id", "claimed_user"), ("app.client_ip", "claimed_ip")],
)
@pytest.mark.parametrize("value", ["x", "'; DROP TABLE", "999.1.2.3", "\u00e4" * 300])
def test_a_malformed_setting_neither_switches_the_trail_off_nor_is_lost(
    conn: psycopg.Connection, alpha: Tenant, setting: str, key: str, value: str
) -> None:
    trail = Trail(conn)
    conn.execute("SELECT set_config('app.current_tenant_id', %s, true)", [str(alpha.id)])
    conn.execute("SELECT set_config(%s, %s, true)", [setting, value])
    new_dataset(conn, alpha)
    (entry,) = trail.new()
    assert (entry.user_id, entry.ip_address) == (None, None)
    assert entry.details[key] == value


def test_the_trail_takes_whom_policies_take_for_the_one_at_work(conn: psycopg.Connection) -> None:
    one, other = str(uuid4()), str(uuid4()).upper()
    odd = (
        "",
        "x",
        one[:-1],
        f"{one}0",
        one.replace("-", "_"),
        f"-{one[1:]}",
        f"{{{one}}}",
        "\u00e4",
    )
    asked = """SELECT o.tenant_id, o.user_id, dsvault.current_tenant_id(),
            CASE WHEN dsvault.current_tenant_id() IS NOT NULL THEN dsvault.current_user_id() END
        FROM dsvault_private.audit_origin() AS o"""
    for tenant, user in [*product([one, *odd], [other, *odd]), ("'", "%"), ("_" * 36, one)]:
        conn.execute("SELECT set_config('app.current_tenant_id', %s, true)", [tenant])
        conn.execute("SELECT set_config('app.current_user_id', %s, true)", [user])
        [(*ours, their_tenant, their_user)] = conn.execute(asked).fetchall()
        assert ours == [their_tenant, their_user], (tenant, user)
        assert ours == [
            UUID(one) if tenant == one else None,
            UUID(other) if (tenant, user) == (one, other) else None,
        ], (tenant, user)


def test_every_entry_of_a_large_statement_has_an_id_of_its_own(
    conn: psycopg.Connection, alpha: Tenant, trail: Trail
) -> None:
    assert trail
    for name in ("one", "two"):
        conn.execute(
            """INSERT INTO dsvault.datasets (tenant_id, name, owner_id)
               SELECT %s, %s || i, %s FROM generate_series(1, 300) AS i""",
            [alpha.id, name, alpha.admin],
        )
    conn.execute("UPDATE dsvault.datasets SET description = name")
    conn.execute("DELETE FROM dsvault.datasets")
    counted = conn.execute(
        "SELECT count(id), count(DISTINCT id) FROM dsvault.audit_logs WHERE action ~ '^dataset'"
    ).fetchone()
    assert counted == (1800, 1800)


def test_an_entry_says_who_and_from_where(
    conn: psycopg.Connection, alpha: Tenant, trail: Trail
) -> None:
    with as_tenant(conn, alpha.id, alpha.admin):
        conn.execute("SET LOCAL app.client_ip = '2001:db8::7'")
        conn.execute("SET LOCAL app.user_agent = 'curl/8.0'")
        conn.execute(
            "INSERT INTO dsvault.datasets (name, owner_id) VALUES ('d', %s)", [alpha.admin]
        )
    (entry,) = trail.new()
    assert (entry.tenant_id, entry.user_id) == (alpha.id, alpha.admin)
    assert (str(entry.ip_address), entry.user_agent) == ("2001:db8::7", "curl/8.0")
    login = conn.execute("SELECT session_user::text").fetchone()
    assert (entry.details["login"],) == login
    assert entry.details["role"] == "dsvault_app"


@pytest.mark.parametrize("rows", [1, 60])
def test_a_user_is_not_named_for_what_happened_in_another_tenant(
    conn: psycopg.Connection, alpha: Tenant, beta: Tenant, rows: int
) -> None:
    datasets = [new_dataset(conn, alpha, f"d{number}") for number in range(rows)]
    version = new_version(conn, alpha, datasets[0])
    trail = Trail(conn)
    conn.execute("SELECT set_config('app.current_tenant_id', %s, true)", [str(beta.id)])
    conn.execute("SELECT set_config('app.current_user_id', %s, true)", [str(beta.admin)])
    new_dataset(conn, alpha, "other")
    new_record(conn, alpha, datasets[0], version)
    of_alpha = "WHERE tenant_id = %s"
    conn.execute(f"UPDATE dsvault.datasets SET description = 'x' {of_alpha}".encode(), [alpha.id])
    conn.execute(f"DELETE FROM dsvault.datasets {of_alpha}".encode(), [alpha.id])
    entries = trail.new()
    assert {(entry.tenant_id, entry.user_id) for entry in entries} == {(alpha.id, None)}
    actions = Counter(entry.action for entry in entries)
    assert (actions["dataset.update"], actions["dataset.delete"]) == (rows + 1, rows + 1)
    assert actions["record.delete"] == 1
    new_dataset(conn, beta)
    assert [entry.user_id for entry in trail.new()] == [beta.admin]


def test_entries_of_a_transaction_tell_their_order(
    conn: psycopg.Connection, alpha: Tenant, trail: Trail
) -> None:
    dataset = new_dataset(conn, alpha)
    for number in range(5):
        conn.execute(
            "UPDATE dsvault.datasets SET description = %s WHERE id = %s", [number, dataset]
        )
    said = [entry.details["new"].get("description") for entry in trail.new()]
    assert said == [None, "0", "1", "2", "3", "4"]


# Ruling 27: no secrets, and only what changed


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


# Ruling 28: names of actions


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


# What applications write


def test_an_application_writes_what_no_trigger_sees(
    conn: psycopg.Connection, alpha: Tenant, trail: Trail
) -> None:
    resource = uuid4()
    with as_tenant(conn, alpha.id, alpha.admin, role="dsvault_reader"):
        conn.execute(
            "SELECT dsvault.log_event('record.read', 'record', %s, %s)",
            [resource, psycopg.types.json.Jsonb({"why": "support", "operation": "INSERT"})],
        )
    (entry,) = trail.new()
    assert (entry.tenant_id, entry.user_id) == (alpha.id, alpha.admin)
    assert (entry.action, entry.resource_id) == ("record.read", resource)
    assert (entry.details["why"], entry.details["operation"]) == ("support", "EVENT")


def test_an_event_says_nothing_in_place_of_the_trail(
    conn: psycopg.Connection, alpha: Tenant, trail: Trail
) -> None:
    own = ("login", "role", "claimed_tenant", "claimed_user", "claimed_ip", "operation")
    forged = psycopg.types.json.Jsonb(dict.fromkeys((*own, "why"), "forged"))
    for name, value in (("tenant", alpha.id), ("user", alpha.admin)):
        conn.execute("SELECT set_config(%s, %s, true)", [f"app.current_{name}_id", str(value)])
    conn.execute("SELECT dsvault.log_event('record.read', 'record', NULL, %s)", [forged])
    (entry,) = trail.new()
    login = conn.execute("SELECT session_user::text").fetchone()
    assert entry.details == {"login": login[0], "operation": "EVENT", "why": "forged"}  # type: ignore[index]


@pytest.mark.parametrize(
    ("action", "code"),
    [("audit.break_glass", "DV804"), ("read", "DV804"), ("Record.Read", "DV804"), (None, "DV804")],
)
def test_an_event_is_named_as_one(
    conn: psycopg.Connection, alpha: Tenant, action: str | None, code: str
) -> None:
    with pytest.raises(psycopg.Error) as refused, as_tenant(conn, alpha.id, alpha.admin):
        conn.execute("SELECT dsvault.log_event(%s, 'record')", [action])
    assert refused.value.sqlstate == code


@pytest.mark.parametrize("details", ["null", '"text"', "1", '[{"operation": "INSERT"}]'])
def test_the_details_of_an_event_are_an_object(
    conn: psycopg.Connection, alpha: Tenant, details: str
) -> None:
    with (
        pytest.raises(psycopg.errors.CheckViolation, match="audit_details_is_object"),
        as_tenant(conn, alpha.id, alpha.admin),
    ):
        conn.execute("SELECT dsvault.log_event('record.read', 'record', NULL, %s)", [details])


@pytest.mark.parametrize("status", ["suspended", "locked"])
def test_nobody_writes_an_event_who_is_not_a_live_user(
    conn: psycopg.Connection, alpha: Tenant, status: str
) -> None:
    user = new_user(conn, alpha, "one", status=status)
    for who in (user, None, uuid4()):
        conn.execute("SAVEPOINT who")
        with pytest.raises(psycopg.Error) as refused, as_tenant(conn, alpha.id, who):
            conn.execute("SELECT dsvault.log_event('record.read', 'record')")
        conn.execute("ROLLBACK TO who")
        assert refused.value.sqlstate == "DV803"


def test_the_documents_own_trigger_fails_where_ours_does_not(
    conn: psycopg.Connection, alpha: Tenant
) -> None:
    """The literal trigger: it loses entries in silence, and copies what must not be copied."""
    text = (project_root() / "sql/design/03-database-schema.md").read_text()
    literal = re.search(
        r"CREATE OR REPLACE FUNCTION create_audit_log\(\).*?LANGUAGE plpgsql;", text, re.DOTALL
    )
    assert literal
    conn.execute("SET LOCAL search_path = dsvault, public")
    conn.execute(literal[0].replace("create_audit_log", "public.literal").encode())
    for table in ("datasets", "tokens"):
        for suffix in ("", "_update"):
            conn.execute(
                f"ALTER TABLE dsvault.{table} DISABLE TRIGGER audit_{table}{suffix}".encode()
            )
        conn.execute(
            f"""CREATE TRIGGER literal AFTER INSERT OR UPDATE OR DELETE ON dsvault.{table}
                FOR EACH ROW EXECUTE FUNCTION public.literal()""".encode()
        )
    trail = Trail(conn)
    conn.execute("SET LOCAL app.current_user_id = 'x'")
    conn.execute("SET LOCAL client_min_messages = error")
    new_dataset(conn, alpha, "unseen")
    assert trail.new() == [], "a setting switches it off"
    conn.execute("SELECT set_config('app.current_user_id', %s, true)", [str(alpha.admin)])
    ciphertext = sealed(key_of(conn, alpha)) + SECRET
    trail.new()
    new_token(conn, alpha, encrypted_value=ciphertext)
    (entry,) = trail.new()
    assert entry.action == "INSERT"
    assert SECRET.hex() in str(entry.details)
