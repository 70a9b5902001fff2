"""The toolkit's connection or its user may go away at any moment. test_kills.py kills it too."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.runner.toys import deployed, environment, events, ours, tables

from dsvault.db import connect
from dsvault.ops.fate import Fate, fate_of
from dsvault.pipeline import Batch, Query
from dsvault.target import parse_target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.runner.toys import Toy
    from tests.support.database import Database
    from tests.support.sqitch import RunSqitch

DEPLOY = [sys.executable, "-m", "dsvault", "deploy", "--verify"]
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def _wait_until_alone(db: psycopg.Connection) -> None:
    """Wait until the server has noticed that its client is gone."""
    deadline = time.monotonic() + 60
    while db.execute(OTHERS).fetchone() != (0,):
        assert time.monotonic() < deadline
        time.sleep(0.005)


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


@pytest.fixture
def waiting(toy: Toy, uri: str, db: psycopg.Connection) -> Iterator[subprocess.Popen[str]]:
    """A deployment that has deployed t1 and waits in the middle of t2."""
    toy.change("t1")
    toy.change(
        "t2", "BEGIN;\nCREATE TABLE t2 (a int);\nSELECT pg_advisory_xact_lock(42);\nCOMMIT;\n"
    )
    db.execute("SELECT pg_advisory_lock(42)")
    words = [*DEPLOY, "--statement-lock-timeout", "60s"]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    ) as process:
        _wait_until_blocked(db)
        yield process
        process.kill()


def test_a_lost_connection_leaves_nothing_of_the_change_and_says_so(
    waiting: subprocess.Popen[str], db: psycopg.Connection
) -> None:
    db.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    )
    out, err = waiting.communicate(timeout=30)
    assert waiting.returncode == 2
    assert out.endswith("  + t2 .. not ok\n")
    lines = err.splitlines()
    assert lines[0].startswith("The connection to postgresql://")
    assert lines[0].endswith('broke; nothing of "t2" stays')
    assert lines[1] == "  found: terminating connection due to administrator command"
    assert "Traceback" not in err
    assert tables(db) == {"t1"}
    assert deployed(db) == ["t1"]
    db.execute("SELECT pg_advisory_unlock(42)")
    assert ours("deploy").code == 0
    assert deployed(db) == ["t1", "t2"]


def test_an_interrupt_stops_the_statement_and_leaves_nothing_of_the_change(
    waiting: subprocess.Popen[str], db: psycopg.Connection
) -> None:
    waiting.send_signal(signal.SIGINT)
    out, err = waiting.communicate(timeout=30)
    assert waiting.returncode == 130, err
    assert out.endswith("  + t2 .. not ok\n")
    assert err.splitlines()[0] == 'Interrupted; nothing of "t2" stays'
    assert "Traceback" not in err
    _wait_until_alone(db)
    assert tables(db) == {"t1"}
    db.execute("SELECT pg_advisory_unlock(42)")
    assert ours("deploy").code == 0


def test_while_a_script_runs_the_registry_can_be_read_and_not_written(
    waiting: subprocess.Popen[str], db: psycopg.Connection
) -> None:
    assert deployed(db) == ["t1"]
    with pytest.raises(psycopg.errors.LockNotAvailable), db.transaction():
        db.execute("LOCK TABLE sqitch.changes IN ROW EXCLUSIVE MODE NOWAIT")
    ran = ours("deploy", "--lock-timeout", "1")
    assert ran.code == 2
    assert ran.out.startswith("Blocked by another instance of Sqitch working on postgresql://")
    assert ran.out.endswith("; waiting 1 seconds...\n")
    assert ran.err.startswith(
        "Timed out waiting 1 seconds for another instance of Sqitch to finish"
    )
    assert ours("status").code == 0
    db.execute("SELECT pg_advisory_unlock(42)")
    out, _ = waiting.communicate(timeout=30)
    assert waiting.returncode == 0
    assert out.endswith("ok\n")


def test_a_blocked_run_goes_on_when_the_other_ends(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1")
    db.execute("SELECT pg_advisory_lock(75474063)")

    def end_the_other() -> None:
        _wait_until_blocked(db)
        db.execute("SELECT pg_advisory_unlock(75474063)")

    thread = threading.Thread(target=end_the_other)
    thread.start()
    ran = ours("deploy", "--lock-timeout", "60")
    thread.join()
    assert ran.code == 0
    assert "Blocked by another instance" in ran.out
    assert deployed(db) == ["t1"]


def test_without_patience_a_blocked_run_ends_at_once(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1")
    db.execute("SELECT pg_advisory_lock(75474063)")
    for command in (["deploy"], ["revert", "--all", "-y"]):
        ran = ours(*command, "--lock-timeout", "0")
        assert ran.code == 2
        assert "Timed out waiting 0 seconds" in ran.err


@pytest.mark.sqitch
def test_real_sqitch_waits_for_our_lock(
    waiting: subprocess.Popen[str],
    empty_database: Database,
    db: psycopg.Connection,
    sqitch: RunSqitch,
) -> None:
    ran = sqitch("deploy", "--lock-timeout", "1", f"db:{empty_database.url}")
    assert ran.code == 2
    assert "Blocked by another instance of Sqitch" in ran.out
    db.execute("SELECT pg_advisory_unlock(42)")
    assert waiting.wait(timeout=30) == 0


def test_an_interrupt_between_two_waits_hangs_up_and_leaves_nothing(
    uri: str, db: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends what reads the answers, so that this session cannot go on."""

    def interrupted(batch: Batch, connection: object) -> bool:
        _wait_until_blocked(db)
        raise KeyboardInterrupt

    db.execute("SELECT pg_advisory_lock(42)")
    statements = ["BEGIN", "CREATE TABLE t2 ()", "SELECT pg_advisory_xact_lock(42)"]
    with connect(parse_target(uri), application_name="test") as session:
        monkeypatch.setattr(Batch, "read", interrupted)
        with pytest.raises(KeyboardInterrupt):
            session.run(list(map(Query, statements)))
        assert not session.is_open
        _wait_until_alone(db)
    assert tables(db) == set()


def test_a_run_that_is_just_ending_is_waited_for_without_a_word(
    toy: Toy, db: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pause(seconds: float) -> None:
        if seconds:
            db.execute("SELECT pg_advisory_unlock_all()")

    toy.change("t1")
    db.execute("SELECT pg_advisory_lock(75474063)")
    monkeypatch.setattr("dsvault.ops.locking.sleep", pause)
    ran = ours("deploy")
    assert (ran.code, ran.err) == (0, "")
    assert "Blocked" not in ran.out


def test_the_fate_of_a_change_is_asked_of_the_registry(
    toy: Toy, uri: str, db: psycopg.Connection
) -> None:
    toy.change("t1")
    ours("deploy")
    [(found,)] = db.execute("SELECT change_id FROM sqitch.changes").fetchall()
    with connect(parse_target(uri), application_name="test") as session:
        assert fate_of(session, found) is Fate.RECORDED
        assert fate_of(session, "0" * 40) is Fate.GONE
    assert not session.is_open
    assert fate_of(session, found) is Fate.RECORDED
    assert fate_of(session, "0" * 40) is Fate.GONE


def test_the_fate_is_open_while_the_lost_session_lives(
    toy: Toy, uri: str, db: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dsvault.ops.fate._WAIT_SECONDS", 1)
    with connect(parse_target(uri), application_name="test") as session:
        pass
    db.execute("SELECT pg_advisory_lock(75474063)")
    assert fate_of(session, "0" * 40) is Fate.UNKNOWN


def test_every_failure_is_history(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("boom", "SELECT 1/0;").tag("v1")
    ours("deploy")
    ours("deploy")
    assert events(db) == ["fail boom", "fail boom"]
    assert db.execute("SELECT tags FROM sqitch.events").fetchall() == [(["@v1"],)] * 2


SUICIDE = "SELECT pg_terminate_backend(pg_backend_pid());"


def test_a_loss_outside_of_a_transaction_is_called_what_it_is(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1").change("t2", f"CREATE TABLE t2 ();\nVACUUM t1;\n{SUICIDE}\n")
    ran = ours("deploy")
    assert ran.code == 2
    assert '"t2" runs outside of a transaction, so parts of it may stay' in ran.err
    assert tables(db) == {"t1", "t2"}
    assert deployed(db) == ["t1"]


def test_a_loss_while_reverting_leaves_the_change_deployed(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1").change("t2", revert=f"BEGIN;\nDROP TABLE t2;\n{SUICIDE}\nCOMMIT;\n")
    ours("deploy")
    ran = ours("revert", "--all", "-y")
    assert ran.code == 2
    assert ran.lines[-1] == "  - t2 .. not ok"
    assert 'broke; "t2" is still deployed' in ran.err
    assert deployed(db) == ["t1", "t2"]
    assert tables(db) == {"t1", "t2"}


def test_a_loss_during_a_dry_run_leaves_nothing(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1").change("t2", SUICIDE)
    ran = ours("deploy", "--dry-run")
    assert ran.code == 2
    assert 'broke; nothing of "t2" stays' in ran.err
    assert tables(db) == set()


def test_a_loss_while_going_back_after_a_failure_asks_for_repair(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1", revert=SUICIDE).change("boom", "SELECT 1/0;")
    ran = ours("deploy")
    assert ran.code == 2
    assert ran.err.splitlines()[-2:] == [
        "The schema will need to be manually repaired",
        "Deploy failed",
    ]
    assert deployed(db) == ["t1"]


def test_a_loss_while_verifying_ends_the_run(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1", verify=SUICIDE).change("t2")
    ours("deploy")
    ran = ours("verify")
    assert ran.code == 2
    assert "broke" in ran.err
    assert ran.lines[-1] == "  * t1 .. not ok"
