"""A dry run tries everything and leaves nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.runner.toys import deployed, events, ours, tables

if TYPE_CHECKING:
    import psycopg
    from tests.runner.toys import Toy
UNTRIED = (
    "Dry run: everything was rolled back; "
    "2 changes run outside of a transaction and could not be tried"
)


def test_a_dry_run_leaves_nothing_behind(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1").tag("v1").change(
        "t2", "ALTER TABLE t1 ADD b int;", verify="SELECT b FROM t1;", needs="t1"
    )
    ran = ours("deploy", "--dry-run", "--verify")
    assert ran.code == 0
    assert ran.lines[1].endswith(" (dry run)")
    assert ran.lines[2:] == [
        "  + t1 @v1 .. ok",
        "  + t2 ...... ok",
        "Dry run: everything was rolled back",
    ]
    assert tables(db) == set()
    assert db.execute("SELECT to_regnamespace('sqitch')").fetchone() == (None,)


def test_a_dry_run_on_a_deployed_database_leaves_it_as_it_was(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1")
    ours("deploy")
    toy.tag("v1").change("t2")
    assert ours("deploy", "--dry-run").code == 0
    assert deployed(db) == ["t1"]
    assert events(db) == ["deploy t1"]
    assert db.execute("SELECT count(*) FROM sqitch.tags").fetchone() == (0,)


def test_a_dry_run_finds_the_error_and_records_no_failure(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1")
    ours("deploy")
    toy.change("t2").change("boom", "SELECT 1/0;").change("t4")
    ran = ours("deploy", "--dry-run")
    assert ran.code == 2
    assert ran.lines[-3:] == [
        "  + t2 .... ok",
        "  + boom .. not ok",
        "Dry run: everything was rolled back",
    ]
    assert "deploy/boom.sql:1: division by zero" in ran.err
    assert ran.err.splitlines()[-1] == "Deploy failed"
    assert events(db) == ["deploy t1"]


def test_a_dry_run_finds_what_commit_would_find(toy: Toy, db: psycopg.Connection) -> None:
    toy.change(
        "t1",
        "CREATE TABLE p (a int PRIMARY KEY);\n"
        "CREATE TABLE t1 (a int REFERENCES p DEFERRABLE INITIALLY DEFERRED);\n"
        "INSERT INTO t1 VALUES (7);\n",
    )
    ran = ours("deploy", "--dry-run")
    assert ran.code == 2
    assert "deploy/t1.sql: COMMIT failed" in ran.err


def test_what_no_transaction_can_hold_is_skipped_and_counted(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1").change("vacuum", "VACUUM t1;").change("do", "DO $$ BEGIN COMMIT; END $$;")
    toy.change("t4", needs="vacuum do")
    ran = ours("deploy", "--dry-run")
    assert ran.code == 0
    assert ran.lines[2:] == [
        "  + t1 ...... ok",
        "  + vacuum .. skipped",
        "  + do ...... skipped",
        "  + t4 ...... ok",
        UNTRIED,
    ]
    assert tables(db) == set()
