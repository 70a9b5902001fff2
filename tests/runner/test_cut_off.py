"""However a session ends, a change is there whole or not at all, and the message says which."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import psycopg
from psycopg.conninfo import make_conninfo
from tests.runner.toys import deployed, environment, ours, tables
from tests.support.wire import Wire

from dsvault.server import temporary_server

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from tests.runner.toys import Toy
    from tests.support.database import Database


def at(number: int, word: bytes) -> Callable[[bytes], bool]:
    """Return a question that is answered with yes once: when the word comes that many times."""
    seen = 0

    def is_it(data: bytes) -> bool:
        nonlocal seen
        before, seen = seen, seen + data.count(word)
        return before < number <= seen

    return is_it


def test_a_wire_that_is_cut_before_the_answer_to_commit_finds_the_change_deployed(
    toy: Toy, db: psycopg.Connection, empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.change("t1").change("t2").change("t3")
    with Wire(empty_database, at(3, b"COMMIT\0")) as wire:  # the registry's, t1's, t2's
        monkeypatch.setenv("DSVAULT_TARGET", wire.url)
        ran = ours("deploy", "--verify")
    assert ran.code == 2
    made = deployed(db)  # t3 had been sent, and may be on its way or done
    assert "t2" in made
    fate = '"t3" is deployed' if "t3" in made else 'nothing of "t3" stays'
    assert f"broke; {fate}" in ran.err
    assert "  + t2 .. ok" in ran.lines
    assert tables(db) == set(made)
    assert ours("deploy", "--target", empty_database.url).code == 0


def test_a_wire_that_is_cut_in_the_middle_of_a_script_is_asked_what_became_of_it(
    toy: Toy, db: psycopg.Connection, empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.change("t1").change(
        "t2", "CREATE TABLE t2 ();\nDO $$ BEGIN RAISE WARNING 'here'; END $$;\nSELECT pg_sleep(1);"
    )
    with Wire(empty_database, at(1, b"here")) as wire:
        monkeypatch.setenv("DSVAULT_TARGET", wire.url)
        ran = ours("deploy")
    assert ran.code == 2
    # The server had all of it and went on; the answer waited for that.
    fate = '"t2" is deployed' if deployed(db) == ["t1", "t2"] else 'nothing of "t2" stays'
    assert ran.err.splitlines()[-3].endswith(f"broke; {fate}")
    assert tables(db) == set(deployed(db))


def test_a_server_that_ends_idle_transactions_does_not_hinder_a_long_script(
    toy: Toy, db: psycopg.Connection, empty_database: Database
) -> None:
    name = empty_database.name
    db.execute(f'ALTER DATABASE "{name}" SET idle_in_transaction_session_timeout = 1000')
    toy.change("t1", "BEGIN;\nCREATE TABLE t1 (a int);\nSELECT pg_sleep(1.2);\nCOMMIT;\n")
    assert ours("deploy", "--verify").code == 0
    assert deployed(db) == ["t1"]


def test_a_script_that_outlives_the_statement_timeout_leaves_nothing(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1", "CREATE TABLE t1 ();\nSET LOCAL statement_timeout = 50;\nSELECT pg_sleep(5);")
    ran = ours("deploy")
    assert ran.code == 2
    assert "deploy/t1.sql:3: canceling statement due to statement timeout" in ran.err
    assert tables(db) == set()


def test_a_server_that_goes_down_leaves_the_change_whole_or_not_at_all(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.change("t1").change("t2", "CREATE TABLE t2 ();\nSELECT pg_sleep(30);")
    with temporary_server() as server:
        place = server.url("postgres")
        monkeypatch.setenv("DSVAULT_TARGET", place)
        with subprocess.Popen(
            [sys.executable, "-m", "dsvault", "deploy"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment() | {"PGOPTIONS": "-c synchronous_commit=on"},
        ) as process:
            _wait_for_sleep(place)
            server.stop()
            out, err = process.communicate(timeout=60)
        assert process.returncode == 2
        assert out.endswith("  + t2 .. not ok\n")
        assert '"t2" is deployed whole or not at all' in err or 'nothing of "t2" stays' in err
        assert "Traceback" not in err
        server.start()
        toy.script("deploy", "t2", "CREATE TABLE t2 (a int);")
        with psycopg.connect(make_conninfo(server.url("postgres")), autocommit=True) as db:
            assert tables(db) == {"t1"}
            assert deployed(db) == ["t1"]
            assert ours("deploy", "--verify").code == 0
            assert deployed(db) == ["t1", "t2"]


def _wait_for_sleep(place: str) -> None:
    deadline = time.monotonic() + 30
    with psycopg.connect(make_conninfo(place), autocommit=True) as db:
        query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
        while db.execute(query).fetchone() == (0,):
            assert time.monotonic() < deadline
            time.sleep(0.02)
