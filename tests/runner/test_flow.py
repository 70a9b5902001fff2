"""Scripts that are sent before those ahead of them are answered mean what they mean one by one."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from tests.runner.toys import environment, ours

from dsvault.db import Query, connect
from dsvault.dberrors import QueryError
from dsvault.ops.events import ChangeBegun, ChangeDone, Noticed, Printed
from dsvault.ops.verify import VerifyError, verify
from dsvault.pipeline import Batch
from dsvault.project import open_project
from dsvault.target import parse_target

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg
    from psycopg.pq.abc import PGconn
    from tests.runner.toys import Toy

    from dsvault.db import Session
    from dsvault.ops.events import Event

MANY = 45  # more than are on their way at once
SUICIDE = "SELECT pg_terminate_backend(pg_backend_pid());"
NOTICE = "DO $$ BEGIN RAISE WARNING 'from {0}'; END $$;"


@pytest.fixture
def session(uri: str) -> Iterator[Session]:
    """A session of the toolkit's own, in which no statement waits for ever."""
    with connect(parse_target(uri), application_name="dsvault test") as session:
        session.run([Query("SET lock_timeout = '60s'")])
        yield session


@pytest.mark.parametrize(("most", "text"), [(20, "SELECT 1"), (2, f"SELECT 1 --{' ' * 140_000}")])
def test_no_more_than_is_meant_is_on_its_way(session: Session, most: int, text: str) -> None:
    asked = 0

    def batches() -> Iterator[list[Query]]:
        nonlocal asked
        for query in ["SELECT pg_sleep(1)", *[text] * 30]:
            asked += 1
            yield [Query(query)]

    answers = session.flow(batches())
    next(answers)
    assert asked <= most + 1  # the first was answered, and made room
    assert len(list(answers)) == 30


def _held_back(db: psycopg.Connection, *texts: str) -> Iterator[list[Query]]:
    """Yield batches of one query, of which the first is answered when the third is asked for."""
    db.execute("SELECT pg_advisory_lock(42)")
    yield [Query("SELECT pg_advisory_lock(42)")]
    yield [Query(texts[0])]
    db.execute("SELECT pg_advisory_unlock(42)")
    for text in texts[1:]:
        yield [Query(text)]


def test_batches_are_sent_before_those_ahead_of_them_are_answered(
    session: Session, db: psycopg.Connection
) -> None:
    answers = list(session.flow(_held_back(db, "SELECT 2", "SELECT 3")))
    assert answers[1:] == [[[("2",)]], [[("3",)]]]


def test_nothing_behind_a_query_that_fails_is_run(session: Session, db: psycopg.Connection) -> None:
    session.run([Query("CREATE TABLE t (a int)")])
    texts = ["INSERT INTO t VALUES (1)", "INSERT INTO t SELECT 1/0", "INSERT INTO t VALUES (3)"]
    batches = [[Query("BEGIN"), Query(text), Query("COMMIT")] for text in texts]
    answers = session.flow(batches)
    next(answers)
    with pytest.raises(QueryError, match="division by zero") as caught:
        next(answers)
    assert caught.value.index == 1
    session.roll_back()
    assert db.execute("SELECT a FROM t").fetchall() == [(1,)]
    assert session.run([Query("SELECT 4")]) == [[("4",)]]


def test_much_that_goes_and_comes_at_once_does_not_stop_the_flow(session: Session) -> None:
    asked = f"/* {'x' * 200_000} */ SELECT repeat('y', 1000) FROM generate_series(1, 1000)"
    sizes = [len(rows[0]) for rows in session.flow([Query(asked)] for _ in range(MANY))]
    assert sizes == [1000] * MANY


def test_a_flow_that_is_given_up_leaves_a_session_that_can_be_used(
    session: Session, db: psycopg.Connection
) -> None:
    answers = session.flow(_held_back(db, "SELECT pg_sleep(600)", "SELECT pg_sleep(600)"))
    next(answers)
    _wait_for(db, "wait_event = 'PgSleep'", 1)
    answers.close()
    assert session.run([Query("SELECT 1")]) == [[("1",)]]


def test_an_interrupt_while_answers_are_read_ends_the_flow_and_not_the_session(
    session: Session, db: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Batch.read

    def interrupted(batch: Batch, connection: PGconn) -> bool:
        monkeypatch.setattr(Batch, "read", read)
        _wait_for(db, "wait_event = 'PgSleep'", 1)
        raise KeyboardInterrupt

    answers = session.flow(_held_back(db, "SELECT pg_sleep(600)", "SELECT pg_sleep(600)"))
    next(answers)
    monkeypatch.setattr(Batch, "read", interrupted)
    with pytest.raises(KeyboardInterrupt):
        next(answers)
    assert session.run([Query("SELECT 1")]) == [[("1",)]]


def _reported(uri: str) -> list[Event]:
    seen: list[Event] = []
    verify(parse_target(uri), open_project(), report=seen.append)
    return seen


def test_what_a_verify_script_says_stands_between_its_beginning_and_its_end(
    toy: Toy, uri: str
) -> None:
    for i in range(MANY):
        text = f"BEGIN;\n{NOTICE.format(f't{i}')}\n\\echo {i}\nROLLBACK;\n"
        toy.change(f"t{i}", verify=text)
    ours("deploy")
    kinds = (ChangeBegun, Noticed, Printed, ChangeDone)
    told = iter([event for event in _reported(uri) if isinstance(event, kinds)])
    for i in range(MANY):
        begun, noticed, printed, done = next(told), next(told), next(told), next(told)
        assert isinstance(begun, ChangeBegun)
        assert begun.name == f"t{i}"
        assert isinstance(noticed, Noticed)
        assert (noticed.place, noticed.message.message) == (f"verify/t{i}.sql:2", f"from t{i}")
        assert isinstance(printed, Printed)
        assert printed.text == f"{i}\n"
        assert isinstance(done, ChangeDone)


def test_verify_scripts_that_fail_fail_alone(toy: Toy, uri: str) -> None:
    broken = {1, 2, 30, MANY - 1}
    for i in range(MANY):
        toy.change(f"t{i:02}", verify="SELECT 1/0;" if i in broken else None)
    ours("deploy")
    with pytest.raises(VerifyError) as caught:
        verify(parse_target(uri), open_project())
    found = caught.value.result.changes
    assert [item.name for item in found] == [f"t{i:02}" for i in range(MANY)]
    for i, item in enumerate(found):
        assert ["division by zero" in fault for fault in item.faults] == [True] * (i in broken)


def test_scripts_that_cannot_flow_keep_their_turn(toy: Toy, uri: str) -> None:
    toy.change("t1").change("gone").change("t2").change("broken").change("t3")
    copy = "BEGIN;\nCREATE TEMP TABLE c (a int);\nCOPY c FROM STDIN;\n1\n\\.\nTABLE c;\nROLLBACK;\n"
    toy.change("data", verify=copy).change("t4").change("shell", verify="\\! true\nSELECT 5;\n")
    toy.change("t5")
    ours("deploy")
    (toy.folder / "verify/gone.sql").unlink()
    toy.script("verify", "broken", "SELECT FROM WHERE;")
    ran = ours("verify")
    names = ["t1", "gone", "t2", "broken", "t3", "data", "t4", "shell", "t5"]
    lines = [line for line in ran.lines if line.startswith("  * ")]
    assert [line.split()[1] for line in lines] == names
    assert [name for name, line in zip(names, lines, strict=True) if "not ok" in line] == []
    assert '# Verify script "verify/broken.sql" failed.' in ran.out
    assert "Verify script verify/gone.sql does not exist" in ran.err


def test_what_one_verify_script_leaves_does_not_reach_the_next(toy: Toy, uri: str) -> None:
    first = "PREPARE q AS SELECT 1;\nSET search_path = pg_catalog;\nCREATE TEMP TABLE x ();"
    clean = (
        "SELECT 1 / (current_schema = 'public')::int;\n"
        "SELECT 1 / (to_regclass('pg_temp.x') IS NULL)::int;\n"
        "SELECT 1 / (current_setting('transaction_isolation') = 'serializable')::int;\n"
    )
    toy.change("t1", verify=f"BEGIN;\n{first}\nROLLBACK;\n")
    toy.change("t2", verify=f"BEGIN ISOLATION LEVEL SERIALIZABLE;\n{clean}{first}\nROLLBACK;\n")
    ours("deploy")
    ran = ours("verify")
    assert ran.code == 0, ran.err


def test_a_loss_in_the_middle_of_a_flow_names_the_change_at_work(toy: Toy, uri: str) -> None:
    for i in range(6):
        toy.change(f"t{i}", verify=SUICIDE if i == 3 else None)
    ours("deploy")
    ran = ours("verify")
    assert ran.code == 2
    assert "broke" in ran.err
    assert ran.lines[-4:] == ["  * t0 .. ok", "  * t1 .. ok", "  * t2 .. ok", "  * t3 .. not ok"]


def test_an_interrupt_in_the_middle_of_a_flow_ends_the_work_on_the_server(
    toy: Toy, db: psycopg.Connection
) -> None:
    wait = "BEGIN;\nSELECT pg_advisory_xact_lock(42);\nROLLBACK;\n"
    for i in range(6):
        toy.change(f"t{i}", verify=wait if i == 3 else None)
    ours("deploy")
    db.execute("SELECT pg_advisory_lock(42)")
    words = [sys.executable, "-m", "dsvault", "verify"]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    ) as process:
        assert process.stdout is not None
        out = ""
        while "t3 .." not in out:
            out += process.stdout.read(1)
        _wait_for(db, "wait_event_type = 'Lock'", 1)
        process.send_signal(signal.SIGINT)
        rest, err = process.communicate(timeout=60)
        out += rest
    assert process.returncode in (1, 130)
    assert "Traceback" not in err
    assert "  * t2 .. ok\n  * t3 .." in out
    assert "t4" not in out
    _wait_for(db, "pid <> pg_backend_pid()", 0)


def _wait_for(db: psycopg.Connection, condition: str, number: int) -> None:
    """Wait until so many sessions of this database are as a condition says."""
    deadline = time.monotonic() + 60
    query = (
        f"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND {condition}"
    )
    while db.execute(query).fetchone() != (number,):
        assert time.monotonic() < deadline
        time.sleep(0.01)
