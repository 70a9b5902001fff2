"""Changes that are sent before those ahead of them are answered are whole, or were not begun."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from functools import partial
from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.runner.toys import deployed, environment, events, ours, tables

from dsvault.errors import DsvaultError
from dsvault.ops.deploy import DeployOptions, deploy
from dsvault.ops.events import ChangeBegun, ChangeDone, Noticed, Outcome, Rows
from dsvault.ops.revert import RevertOptions, revert
from dsvault.project import open_project
from dsvault.target import parse_target

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.runner.toys import Toy
    from tests.support.database import Database

    from dsvault.ops.events import Event

MANY = 45  # more than are on their way at once
SUICIDE = "SELECT pg_terminate_backend(pg_backend_pid());"
WAIT = "SELECT pg_advisory_xact_lock(42);"
# No rollback takes this back.
COUNT = "DO $$ BEGIN PERFORM nextval('begun'); END $$;"


def _write(toy: Toy, special: dict[int, str], number: int = 6) -> list[str]:
    """Write changes that count how many scripts were begun; some have a statement of their own."""
    names = [f"t{i}" for i in range(number)]
    for i, name in enumerate(names):
        own = f"BEGIN;\n{COUNT}\n{special.get(i, '')}\n"
        toy.change(
            name,
            f"{own}CREATE TABLE {name} (a int);\nCOMMIT;\n",
            f"{own}DROP TABLE {name};\nCOMMIT;\n",
        )
    return names


def _number_begun(db: psycopg.Connection) -> int:
    row = db.execute("SELECT last_value FROM begun WHERE is_called").fetchone()
    return row[0] if row else 0


@pytest.fixture(autouse=True)
def _counter(db: psycopg.Connection) -> None:
    db.execute("CREATE SEQUENCE begun")
    db.execute("GRANT ALL ON SEQUENCE begun TO PUBLIC")


def test_behind_a_change_that_fails_none_is_begun(toy: Toy, db: psycopg.Connection) -> None:
    _write(toy, {3: "SELECT 1/0;"})
    ran = ours("deploy", "--mode", "change")
    assert ran.code == 2
    assert "division by zero" in ran.err
    assert tables(db) == {"t0", "t1", "t2"}
    assert events(db) == ["deploy t0", "deploy t1", "deploy t2", "fail t3"]
    assert _number_begun(db) == 4
    _fix(toy, "deploy", "t3")
    assert ours("deploy").code == 0
    assert deployed(db) == ["t0", "t1", "t2", "t3", "t4", "t5"]


def test_a_change_that_fails_at_its_end_stops_those_behind_it_too(
    toy: Toy, db: psycopg.Connection
) -> None:
    late = (
        "CREATE TABLE parent (a int PRIMARY KEY);\n"
        "CREATE TABLE child (a int REFERENCES parent DEFERRABLE INITIALLY DEFERRED);\n"
        "INSERT INTO child VALUES (1);"
    )
    _write(toy, {3: late})
    ran = ours("deploy", "--mode", "change")
    assert "deploy/t3.sql: COMMIT failed: insert or update on table" in ran.err
    assert tables(db) == {"t0", "t1", "t2"}
    assert _number_begun(db) == 4


def test_behind_a_revert_that_fails_none_is_begun(toy: Toy, db: psycopg.Connection) -> None:
    _write(toy, {})
    ours("deploy")
    _fix(toy, "revert", "t2", "SELECT 1/0;")
    ran = ours("revert", "--all", "-y")
    assert ran.code == 2
    assert tables(db) == set(deployed(db)) == {"t0", "t1", "t2"}
    assert events(db)[-3:] == ["revert t5", "revert t4", "revert t3"]
    assert _number_begun(db) == 6 + 4


def test_a_loss_in_the_middle_leaves_what_is_done_and_names_the_change_at_work(
    toy: Toy, db: psycopg.Connection
) -> None:
    names = _write(toy, {3: SUICIDE})
    ran = ours("deploy")
    assert ran.code == 2
    assert 'broke; nothing of "t3" stays' in ran.err
    assert ran.lines[-2:] == ["  + t2 .. ok", "  + t3 .. not ok"]
    assert tables(db) == set(deployed(db)) == set(names[:3])
    assert _number_begun(db) == 4
    _fix(toy, "deploy", "t3")
    assert ours("deploy").code == 0
    _fix(toy, "revert", "t3", SUICIDE)
    ran = ours("revert", "--all", "-y")
    assert 'broke; "t3" is still deployed' in ran.err
    assert tables(db) == set(deployed(db)) == set(names[:4])


@pytest.mark.parametrize("command", ["deploy", "revert"])
def test_an_interrupt_in_the_middle_begins_none_of_those_behind(
    toy: Toy, db: psycopg.Connection, command: str
) -> None:
    names = _write(toy, {3: WAIT})
    words = ["deploy"] if command == "deploy" else ["revert", "--all", "-y"]
    if command == "revert":
        ours("deploy")
    before = _number_begun(db)
    db.execute("SELECT pg_advisory_lock(42)")
    with subprocess.Popen(
        [sys.executable, "-m", "dsvault", *words, "--statement-lock-timeout", "60s"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as process:
        _wait_until_blocked(db)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    stays = names[:3] if command == "deploy" else names[:4]
    fate = 'nothing of "t3" stays' if command == "deploy" else '"t3" is still deployed'
    assert f"Interrupted; {fate}" in err
    assert tables(db) == set(deployed(db)) == set(stays)
    assert _number_begun(db) - before == (4 if command == "deploy" else 3)


def test_what_has_to_go_alone_keeps_its_turn(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1").change(
        "index", "CREATE INDEX CONCURRENTLY i ON t1 (a);", "DROP INDEX i;", "SELECT 1;"
    )
    toy.change("t2")
    copy = "CREATE TABLE c (a int);\nCOPY c FROM STDIN;\n1\n\\.\n"
    toy.change("data", copy, "DROP TABLE c;", "SELECT 1 / count(*) FROM c;").change("t3")
    toy.change("t4", "CREATE TABLE t4 (a int);\nALTER TABLE t1 ADD b int;", "DROP TABLE t4;")
    assert ours("deploy", "--verify").code == 0
    names = ["t1", "index", "t2", "data", "t3", "t4"]
    assert deployed(db) == names
    assert ours("revert", "--all", "-y").code == 0
    assert tables(db) == set()
    assert events(db)[6:] == [f"revert {name}" for name in reversed(names)]


def test_a_lock_that_comes_late_is_waited_for_once_more_before_those_behind(
    toy: Toy, db: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.execute("SELECT pg_advisory_lock(42)")
    names = _write(toy, {3: WAIT})

    def free(seconds: float) -> None:
        assert tables(db) == set(names[:3])
        db.execute("SELECT pg_advisory_unlock(42)")

    monkeypatch.setattr("dsvault.ops.patience.pause", free)
    ran = ours("deploy", "--statement-lock-timeout", "200ms")
    assert ran.code == 0, ran.err
    assert deployed(db) == names
    assert _number_begun(db) == 7


def test_what_a_change_says_stands_between_its_beginning_and_its_end(toy: Toy, uri: str) -> None:
    notices = {i: f"DO $$ BEGIN RAISE WARNING 'from t{i}'; END $$;" for i in range(MANY)}
    names = _write(toy, notices, MANY)
    told: list[Event] = []
    deploy(parse_target(uri), open_project(), DeployOptions(verify=True), told.append)
    revert(parse_target(uri), open_project(), RevertOptions(), told.append)
    kinds = (ChangeBegun, Noticed, ChangeDone)
    said = iter([event for event in told if isinstance(event, kinds)])
    for name, kind in [(n, "deploy") for n in names] + [(n, "revert") for n in reversed(names)]:
        begun, noticed, done = next(said), next(said), next(said)
        assert isinstance(begun, ChangeBegun)
        assert begun.name == name
        assert isinstance(noticed, Noticed)
        assert noticed.place == f"{kind}/{name}.sql:3"
        assert noticed.message.message == f"from {name}"
        assert isinstance(done, ChangeDone)


@pytest.mark.parametrize("kind", ["deploy", "revert"])
def test_after_a_cut_those_behind_that_were_done_are_told_of(
    toy: Toy, db: psycopg.Connection, empty_database: Database, kind: str
) -> None:
    first = 0 if kind == "deploy" else 5
    _write(toy, {first: f"{WAIT}\nSELECT 1;"})
    if kind == "revert":
        assert ours("deploy").code == 0
    outcomes = []

    def report(event: Event) -> None:
        if isinstance(event, Rows):  # of the first change, whose answer comes when others are done
            _wait_for(lambda: _number_done(db, kind) >= 3)
            raise KeyboardInterrupt
        if isinstance(event, ChangeDone):
            outcomes.append(event.outcome)

    def release() -> None:
        with psycopg.connect(empty_database.superuser_url, autocommit=True) as other:
            other.execute("SELECT pg_advisory_lock(42)")
            is_held.set()
            _wait_until_blocked(other)
            time.sleep(0.5)  # the others are sent meanwhile

    is_held = threading.Event()
    thread = threading.Thread(target=release)
    thread.start()
    assert is_held.wait(60)
    project, target = open_project(), parse_target(empty_database.url)
    run: Callable[[], object] = (
        partial(deploy, target, project, DeployOptions(), report)
        if kind == "deploy"
        else partial(revert, target, project, RevertOptions(), report)
    )
    with pytest.raises(DsvaultError) as stopped:
        run()
    thread.join()
    done = _number_done(db, kind)
    assert outcomes.count(Outcome.OK) == done >= 3
    order = [f"t{i}" for i in range(6)][:: 1 if kind == "deploy" else -1]
    assert f'"{order[min(done, 5)]}"' in "\n".join(stopped.value.lines())


def _number_done(db: psycopg.Connection, kind: str) -> int:
    number = len(deployed(db))
    return number if kind == "deploy" else 6 - number


def _wait_for(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _fix(toy: Toy, kind: str, name: str, own: str = "") -> None:
    verb = "CREATE TABLE {} (a int)" if kind == "deploy" else "DROP TABLE {}"
    toy.script(kind, name, f"BEGIN;\n{COUNT}\n{own}\n{verb.format(name)};\nCOMMIT;\n")


def _wait_until_blocked(db: psycopg.Connection) -> None:
    """Wait until a session of this database waits for a lock."""
    deadline = time.monotonic() + 60
    query = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    while db.execute(query).fetchone() == (0,):
        assert time.monotonic() < deadline
        time.sleep(0.01)
