"""A change that did not get its locks in time is undone and tried again, with growing pauses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.runner.toys import deployed, ours, tables

from dsvault.ops import patience

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg
    from tests.runner.toys import Toy
    from tests.support.database import Database

IMPATIENT = ("--statement-lock-timeout", "50ms")


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that a run makes; none of them takes time."""
    made: list[float] = []
    monkeypatch.setattr(patience, "pause", made.append)
    return made


@pytest.fixture
def then(
    monkeypatch: pytest.MonkeyPatch, pauses: list[float]
) -> Callable[[int, Callable[[], object]], None]:
    """Do something in the pause of that number, counted from 1."""

    def plan(number: int, act: Callable[[], object]) -> None:
        def pause(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == number:
                act()

        monkeypatch.setattr(patience, "pause", pause)

    return plan


def test_a_change_waits_until_the_lock_is_free(
    toy: Toy,
    db: psycopg.Connection,
    empty_database: Database,
    pauses: list[float],
    then: Callable[[int, Callable[[], object]], None],
) -> None:
    toy.change("t1").change("t2", "CREATE TABLE t2 (a int);\nALTER TABLE t1 ADD b int;")
    ours("deploy", "--to", "t1")
    with empty_database.connect(superuser=True) as other:
        other.execute("LOCK TABLE t1 IN ACCESS SHARE MODE")
        then(2, other.rollback)
        ran = ours("deploy", *IMPATIENT, "--json")
    assert ran.code == 0, ran.err
    assert pauses == [1, 2]
    [change] = json.loads(ran.out)["changes"]
    assert change["lock_retries"] == 2
    assert "canceling statement due to lock timeout; trying again in 1 s (1 of 3)" in ran.err
    assert deployed(db) == ["t1", "t2"]


def test_patience_ends(
    toy: Toy, db: psycopg.Connection, empty_database: Database, pauses: list[float]
) -> None:
    toy.change("t1").change("t2", "CREATE TABLE t2 (a int);\nALTER TABLE t1 ADD b int;")
    ours("deploy", "--to", "t1")
    with empty_database.connect(superuser=True) as other:
        other.execute("LOCK TABLE t1 IN ACCESS SHARE MODE")
        ran = ours("deploy", *IMPATIENT, "--lock-retries", "7")
    assert ran.code == 2
    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    assert "deploy/t2.sql:2: canceling statement due to lock timeout" in ran.err
    assert tables(db) == {"t1"}


def test_other_errors_are_not_tried_again(
    toy: Toy, db: psycopg.Connection, pauses: list[float]
) -> None:
    toy.change("boom", "SELECT 1/0;")
    assert ours("deploy").code == 2
    assert pauses == []


def test_a_revert_waits_too(
    toy: Toy,
    db: psycopg.Connection,
    empty_database: Database,
    pauses: list[float],
    then: Callable[[int, Callable[[], object]], None],
) -> None:
    toy.change("t1")
    ours("deploy")
    with empty_database.connect(superuser=True) as other:
        other.execute("LOCK TABLE t1 IN ACCESS SHARE MODE")
        then(1, other.rollback)
        ran = ours("revert", "--all", "-y", *IMPATIENT)
    assert ran.code == 0, ran.err
    assert pauses == [1]
    assert tables(db) == set()


def test_a_single_transaction_is_tried_again_as_a_whole(
    toy: Toy,
    db: psycopg.Connection,
    empty_database: Database,
    pauses: list[float],
    then: Callable[[int, Callable[[], object]], None],
) -> None:
    toy.change("t1").change("t2").change("t3", "CREATE TABLE t3 ();\nALTER TABLE t1 ADD b int;")
    ours("deploy", "--to", "t1")
    with empty_database.connect(superuser=True) as other:
        other.execute("LOCK TABLE t1 IN ACCESS SHARE MODE")
        then(1, other.rollback)
        ran = ours("deploy", "--single-transaction", *IMPATIENT)
    assert ran.code == 0, ran.err
    assert pauses == [1]
    assert deployed(db) == ["t1", "t2", "t3"]
