"""Ruling 25 of sql/design/corrections.md: the trail fails closed, and says who did it."""

from __future__ import annotations

import re
from collections import Counter
from itertools import product
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors
from tests.audit.trail import SECRET, Trail
from tests.schema.builders import (
    key_of,
    new_dataset,
    new_record,
    new_token,
    new_version,
)
from tests.support.actors import as_tenant
from tests.support.sealed import sealed

from dsvault.paths import project_root

if TYPE_CHECKING:
    from tests.schema.builders import Tenant


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
