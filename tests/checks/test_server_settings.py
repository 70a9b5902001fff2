"""What the checks say of a server, on one whose settings may be changed."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.checks.conftest import BY_CODE, ask
from tests.support.servers import eventually

from dsvault.checks import Check, Finding
from dsvault.server import temporary_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.server import EmbeddedServer

DURABILITY = {"fsync", "full_page_writes", "synchronous_commit"}


@pytest.fixture(scope="module")
def own_server() -> Iterator[EmbeddedServer]:
    """A server of this module: as servers for tests are, without care for its data."""
    with temporary_server() as server:
        with contextlib.closing(psycopg.connect(server.url(), autocommit=True)) as conn:
            conn.execute("ALTER SYSTEM SET max_prepared_transactions = 2")
        server.stop()
        server.start()
        yield server


@pytest.fixture
def own(own_server: EmbeddedServer) -> Iterator[psycopg.Connection]:
    """A superuser's connection to it."""
    with contextlib.closing(psycopg.connect(own_server.url(), autocommit=True)) as conn:
        yield conn
        conn.execute("ALTER SYSTEM RESET ALL")


def objects(conn: psycopg.Connection, code: str) -> set[str]:
    return {found.object for found in ask(conn, BY_CODE[code])}


def set_up(conn: psycopg.Connection, name: str, value: str) -> None:
    """Change a setting of the server and wait until this session has it."""
    conn.execute(f"ALTER SYSTEM SET {name} = {value}".encode())
    conn.execute("SELECT pg_reload_conf()")
    query = "SELECT reset_val FROM pg_settings WHERE name = %s"
    eventually(lambda: conn.execute(query, [name]).fetchone() == (value,))


def with_stand_in(check: Check, source: str, stand_in: str) -> Check:
    """Return a check that asks a stand-in, where a server cannot be brought into a state."""
    assert source in check.sql
    return Check(
        check.code, check.name, check.finds, check.level, check.why, check.needs, check.settings,
        check.sql.replace(source, stand_in),
    )  # fmt: skip


def test_settings_that_give_up_durability_are_reported(own: psycopg.Connection) -> None:
    assert objects(own, "C0076") == DURABILITY
    for name in DURABILITY:
        set_up(own, name, "on")
    assert objects(own, "C0076") == set()


def test_a_server_that_does_not_clean_up_is_reported(own: psycopg.Connection) -> None:
    assert objects(own, "C0082") == {"autovacuum"}
    set_up(own, "autovacuum", "on")
    assert objects(own, "C0082") == set()


@pytest.mark.parametrize(
    ("name", "bad", "good"),
    [
        ("password_encryption", "md5", '"scram-sha-256"'),
        ("row_security", "off", "on"),
        ("session_replication_role", "replica", "origin"),
    ],
)
def test_settings_that_weaken_security_are_reported(
    own: psycopg.Connection, name: str, bad: str, good: str
) -> None:
    assert objects(own, "C0077") == set()
    set_up(own, name, bad)
    assert objects(own, "C0077") == {name}
    own.execute(f"ALTER SYSTEM SET {name} = {good}".encode())
    own.execute("SELECT pg_reload_conf()")
    eventually(lambda: objects(own, "C0077") == set())


@pytest.mark.parametrize(
    ("listen", "reported"),
    [("*", {"ssl"}), ("10.0.0.1", {"ssl"}), ("localhost, 127.0.0.1, ::1", set()), ("", set())],
)
def test_a_network_without_encryption_is_reported(
    own: psycopg.Connection, listen: str, reported: set[str]
) -> None:
    source = "pg_catalog.current_setting('listen_addresses')"
    check = with_stand_in(BY_CODE["C0077"], source, f"'{listen}'")
    assert {found.object for found in ask(own, check)} == reported


def test_whoever_is_let_in_without_a_password_is_reported(
    own: psycopg.Connection, own_server: EmbeddedServer
) -> None:
    assert objects(own, "C0078") == set()
    file = own_server.data_dir / "pgdata" / "pg_hba.conf"
    before = file.read_text()
    with file.open("a") as lines:
        lines.write("host all anybody 10.0.0.0/8 trust\nhost all old 10.0.0.0/8 md5\n")
    try:
        found = ask(own, BY_CODE["C0078"])
    finally:
        file.write_text(before)
    assert [(item.level, item.detail) for item in found] == [
        ("error", "host all anybody 10.0.0.0 trust"),
        ("info", "host all old 10.0.0.0 md5"),
    ]


@pytest.mark.parametrize(("setting", "reported"), [("off", ["data_checksums"]), ("on", [])])
def test_a_cluster_without_checksums_is_reported(
    own: psycopg.Connection, setting: str, reported: list[str]
) -> None:
    stand_in = f"(VALUES ('data_checksums', '{setting}')) AS s (name, setting)"
    check = with_stand_in(BY_CODE["C0079"], "pg_catalog.pg_settings AS s", stand_in)
    assert [found.object for found in ask(own, check)] == reported
    assert ask(own, BY_CODE["C0079"]) == []


def test_a_prepared_transaction_is_reported_after_a_time(own: psycopg.Connection) -> None:
    own.execute("BEGIN")
    own.execute("CREATE TABLE half (id integer)")
    own.execute("PREPARE TRANSACTION 'left'")
    assert ask(own, BY_CODE["C0074"]) == []
    own.execute("SET doctor.prepared_minutes = 0")
    [found] = ask(own, BY_CODE["C0074"])
    assert found.object == "left"
    own.execute(found.remedy.encode())
    assert ask(own, BY_CODE["C0074"]) == []


def test_a_slot_that_nobody_reads_is_reported(own: psycopg.Connection) -> None:
    assert ask(own, BY_CODE["C0075"]) == []
    own.execute("SELECT pg_create_physical_replication_slot('lost', true)")
    [found] = ask(own, BY_CODE["C0075"])
    assert found.object == "lost"
    own.execute(found.remedy.encode())
    assert ask(own, BY_CODE["C0075"]) == []


def test_a_finding_is_a_value(own: psycopg.Connection) -> None:
    [*found] = ask(own, BY_CODE["C0076"])
    assert all(isinstance(item, Finding) for item in found)
