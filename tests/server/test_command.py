"""The command `dsvault server`, as a user types it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.support.people import PYTHONPATH
from tests.support.servers import clear_place, is_alive, new_place, pid_of

from dsvault.server import EmbeddedServer

if TYPE_CHECKING:
    from collections.abc import Iterator


class Command:
    """`dsvault server` on one directory."""

    def __init__(self, home: Path, source: str) -> None:
        self.home, self.source = home, source

    def __call__(self, name: str, *words: str, expect: int | None = 0, text: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "-m", "dsvault", "server", name, "--pg", self.source, *words],
            env=os.environ | {"DSVAULT_DATA_DIR": str(self.home), "PYTHONPATH": PYTHONPATH},
            input=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert expect in (None, done.returncode), done.stdout
        assert "Traceback" not in done.stdout
        return done.stdout


@pytest.fixture(scope="module")
def command(source: str) -> Iterator[Command]:
    place = new_place()
    yield Command(place / "server", source)
    clear_place(place)


@pytest.fixture
def started(command: Command) -> int:
    """Have the server running; return its process."""
    server = EmbeddedServer(command.home, source=command.source)
    server.start()
    return pid_of(server)


def test_start_says_where_the_server_is(command: Command) -> None:
    command("stop", expect=None)
    words = command("start")
    assert "The server is running now." in words
    assert f"directory {command.home}" in words
    assert "postgresql://postgres@/dsvault?host=" in words


def test_starting_again_says_so(command: Command, started: int) -> None:
    assert "The server was running already." in command("start")


def test_the_server_survives_the_command_in_a_session_of_its_own(
    command: Command, started: int
) -> None:
    command("stop")
    command("start")
    pid = json.loads(command("status", "--json"))["pid"]
    assert is_alive(pid)
    assert os.getsid(pid) == pid != os.getsid(0)
    assert Path(f"/proc/{pid}/cwd").readlink() == command.home / "pgdata"
    files = [Path(f"/proc/{pid}/fd/{number}").readlink() for number in range(3)]
    assert [str(path) for path in files] == [
        "/dev/null",
        f"{command.home}/log",
        f"{command.home}/log",
    ]


def test_status_json_has_these_keys(command: Command, started: int) -> None:
    status = json.loads(command("status", "--json"))
    assert list(status) == [
        "state",
        "data_dir",
        "pid",
        "version",
        "url",
        "listen",
        "port",
        "size_bytes",
        "log",
    ]
    assert (status["state"], status["pid"]) == ("running", started)


def test_url_is_one_line_that_connects(command: Command, started: int) -> None:
    words = command("url")
    assert words.count("\n") == 1
    with psycopg.connect(words.strip()) as conn:
        assert conn.info.dbname == "dsvault"


def test_url_takes_a_database_and_the_password(command: Command, started: int) -> None:
    url = command("url", "-d", "postgres", "--with-password").strip()
    with psycopg.connect(url, passfile="/dev/null") as conn:
        assert conn.info.dbname == "postgres"


def test_psql_gets_its_arguments(command: Command, started: int) -> None:
    assert command("psql", "-X", "-A", "-t", "-c", "SELECT 6 * 7") == "42\n"


def test_psql_reads_a_script_from_stdin(command: Command, started: int) -> None:
    words = command("psql", "-XAt", "-d", "postgres", text="SELECT current_database();\n")
    assert words == "postgres\n"


def test_psql_passes_its_exit_code_on(command: Command, started: int) -> None:
    words = command("psql", "-X", "-v", "ON_ERROR_STOP=1", "-f", "-", text="nonsense;", expect=3)
    assert "syntax error" in words


def test_psql_starts_the_server(command: Command, started: int) -> None:
    command("stop")
    assert command("psql", "-XAtc", "SELECT 1") == "1\n"


def test_stop_says_what_it_did_and_exits_with_1_if_there_was_nothing(
    command: Command, started: int
) -> None:
    assert "The server is stopped" in command("stop")
    assert "The server was not running." in command("stop", expect=1)
    assert "stopped" in command("status", expect=1)
    assert json.loads(command("status", "--json", expect=1))["state"] == "stopped"


def test_destroy_asks_first(command: Command, started: int) -> None:
    assert "Aborted" in command("destroy", text="n\n", expect=1)
    assert command.home.exists()


def test_destroy_removes_it(source: str, place: Path) -> None:
    command = Command(place / "server", source)
    command("start")
    command("destroy", text="y\n")
    assert not command.home.exists()
    assert "There is no server." in command("destroy", "-y", expect=1)
    assert "absent" in command("status", expect=1)


def test_errors_are_one_message_with_exit_code_2(command: Command, place: Path) -> None:
    (place / "something").write_text("else")
    words = command("start", "--data-dir", str(place), expect=2)
    assert words.splitlines()[0] == f"{place} holds something else than a server of dsvault."
    assert words.splitlines()[1] == "  found: something"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["start", "--pg", "17"], "PostgreSQL 17 does not come with dsvault."),
        (["start", "--server-version", "/nowhere"], "is no bin directory"),
        (["start", "--port", "70000"], "70000 is not in the range"),
        (["restart"], "No such command 'restart'"),
    ],
)
def test_wrong_usage_exits_with_2(command: Command, words: list[str], message: str) -> None:
    assert message in command(words[0], *words[1:], expect=2)
