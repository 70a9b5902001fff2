"""`deploy --single-transaction`: all changes of a run or none of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.runner.toys import deployed, events, ours, tables
from tests.support.wire import Wire

if TYPE_CHECKING:
    import psycopg
    import pytest
    from tests.runner.toys import Toy
    from tests.support.database import Database

BOOM = "SELECT 1/0;"


def test_all_changes_are_committed_at_once_and_in_order(toy: Toy, db: psycopg.Connection) -> None:
    names = ["t1", "t2", "t3"]
    for name in names:
        toy.change(name, f"CREATE TABLE {name} AS SELECT txid_current() AS id, 1 AS a;")
    toy.tag("v1")
    assert ours("deploy", "--verify", "--single-transaction").code == 0
    assert deployed(db) == names
    assert db.execute("TABLE t1").fetchall() == db.execute("TABLE t3").fetchall()
    assert events(db) == ["deploy t1", "deploy t2", "deploy t3"]
    rows = db.execute("SELECT committed_at FROM sqitch.changes").fetchall()
    assert len(set(rows)) == 3
    assert ours("verify").code == 0
    assert ours("deploy", "--single-transaction").code == 0


def test_a_failure_leaves_nothing_of_the_run(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1")
    ours("deploy")
    toy.change("t2").change("boom", BOOM)
    ran = ours("deploy", "--single-transaction", "--mode", "change")
    assert ran.code == 2
    assert "deploy/boom.sql:1: division by zero" in ran.err
    assert "Nothing of this run stays: it was one transaction" in ran.err
    assert tables(db) == {"t1"}
    assert deployed(db) == ["t1"]
    assert events(db) == ["deploy t1", "fail boom"]
    ran = ours("deploy", "--single-transaction", "--json")
    assert json.loads(ran.out)["changes"] == []


def test_a_failure_on_an_empty_database_leaves_no_registry(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1").change("boom", BOOM)
    assert ours("deploy", "--single-transaction").code == 2
    assert db.execute("SELECT to_regnamespace('sqitch')").fetchone() == (None,)
    assert tables(db) == set()


def test_what_commit_would_find_names_its_change(toy: Toy, db: psycopg.Connection) -> None:
    toy.change(
        "t1",
        "CREATE TABLE p (a int PRIMARY KEY);\n"
        "CREATE TABLE t1 (a int REFERENCES p DEFERRABLE INITIALLY DEFERRED);\n"
        "INSERT INTO t1 VALUES (7);\n",
    ).change("t2")
    ran = ours("deploy", "--single-transaction")
    assert ran.code == 2
    assert ran.lines[-1] == "  + t1 .. not ok"
    assert "deploy/t1.sql: COMMIT failed" in ran.err
    assert tables(db) == set()


def test_scripts_that_cannot_be_part_of_it_are_all_named_before_anything_runs(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1").change("vacuum", "VACUUM t1;").change("two", "BEGIN;COMMIT;BEGIN;COMMIT;")
    toy.change("level", "BEGIN ISOLATION LEVEL SERIALIZABLE;\nSELECT 1;\nCOMMIT;")
    ran = ours("deploy", "--single-transaction")
    assert ran.code == 2
    for name in ("vacuum", "two", "level"):
        assert f"deploy/{name}.sql cannot be part of a transaction that holds other" in ran.err
    assert "it opens its transaction by BEGIN ISOLATION LEVEL SERIALIZABLE" in ran.err
    assert "Nothing was deployed: 3 problems were found" in ran.err
    assert tables(db) == set()
    assert ours("deploy", "--single-transaction", "--to", "t1").code == 0


def test_what_turns_out_to_need_its_own_transaction_says_so(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1").change("do", "DO $$ BEGIN COMMIT; END $$;")
    ran = ours("deploy", "--single-transaction")
    assert ran.code == 2
    assert "It needs a transaction of its own: leave out --single-transaction." in ran.err
    assert tables(db) == set()


def test_a_lost_connection_leaves_nothing_and_says_so(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1").change("t2", "SELECT pg_terminate_backend(pg_backend_pid());")
    ran = ours("deploy", "--single-transaction")
    assert ran.code == 2
    assert "broke; nothing of this run stays" in ran.err
    assert tables(db) == set()


def test_a_connection_that_is_lost_after_the_commit_is_found_to_be_committed(
    toy: Toy, db: psycopg.Connection, empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.change("t1").change("t2")
    with Wire(empty_database, lambda data: b"COMMIT\0" in data) as wire:
        monkeypatch.setenv("DSVAULT_TARGET", wire.url)
        ran = ours("deploy", "--single-transaction")
    assert ran.code == 2
    assert "broke; all changes of this run are deployed" in ran.err
    assert deployed(db) == ["t1", "t2"]
