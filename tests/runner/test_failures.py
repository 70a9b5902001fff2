"""When a change fails: what stays, what is reverted, what is recorded and said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.runner.toys import deployed, events, ours, tables

if TYPE_CHECKING:
    import psycopg
    from tests.runner.toys import Toy

BOOM = "BEGIN;\nCREATE TABLE boom ();\nSELECT a,\n       1/0 FROM (SELECT 1 AS a) AS s;\nCOMMIT;\n"


def test_mode_all_reverts_the_whole_run(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1").tag("v1").change("t2").change("boom", BOOM).change("t4")
    ran = ours("deploy")
    assert ran.code == 2
    assert ran.lines[2:] == [
        "  + t1 @v1 .. ok",
        "  + t2 ...... ok",
        "  + boom .... not ok",
        "  - t2 ...... ok",
        "  - t1 @v1 .. ok",
    ]
    assert ran.err.splitlines()[-2:] == ["Reverting all changes", "Deploy failed"]
    assert tables(db) == set()
    assert deployed(db) == []
    assert events(db) == ["deploy t1", "deploy t2", "fail boom", "revert t2", "revert t1"]


def test_mode_all_goes_back_to_where_the_run_began(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1").tag("v1").tag("v2")
    ours("deploy")
    toy.change("t2").change("boom", BOOM)
    ran = ours("deploy")
    assert "Reverting to t1@v2" in ran.err
    assert deployed(db) == ["t1"]


def test_mode_tag_keeps_what_was_tagged_in_this_run(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1").change("t2").tag("v1").change("t3").change("boom", BOOM)
    ran = ours("deploy", "--mode", "tag")
    assert ran.code == 2
    assert ran.lines[-2:] == ["  + boom .... not ok", "  - t3 ...... ok"]
    assert "Reverting to t2 @v1" in ran.err
    assert deployed(db) == ["t1", "t2"]


def test_mode_tag_reverts_the_run_if_nothing_in_it_was_tagged(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1").tag("v1")
    ours("deploy")
    toy.change("t2").change("boom", BOOM)
    ran = ours("deploy", "--mode", "tag")
    assert "Reverting to t1@v1" in ran.err
    assert deployed(db) == ["t1"]


def test_mode_change_reverts_nothing(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1").change("boom", BOOM)
    ran = ours("deploy", "--mode", "change")
    assert ran.code == 2
    assert "division by zero" in ran.err
    assert "Reverting" not in ran.err
    assert "Deploy failed" not in ran.err  # nor does Sqitch say it where it reverts nothing
    assert deployed(db) == ["t1"]
    assert tables(db) == {"t1"}


def test_the_mode_can_be_configured(toy: Toy, db: psycopg.Connection) -> None:
    toy.write("sqitch.conf", "[core]\n\tengine = pg\n[deploy]\n\tmode = change\n")
    toy.change("t1").change("boom", BOOM)
    assert ours("deploy").code == 2
    assert deployed(db) == ["t1"]


def test_an_error_shows_file_line_and_sqlstate(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("boom", BOOM)
    assert ours("deploy").err.splitlines()[:3] == [
        "deploy/boom.sql:3: division by zero",
        "  found: SELECT a,",
        "         SQLSTATE: 22012",
    ]


def test_an_error_with_a_position_shows_a_caret(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1", "-- é\nBEGIN;\n/* ü */ SELECT 'ß',\n\tnope FROM pg_class;\nCOMMIT;\n")
    assert ours("deploy").err.splitlines()[:3] == [
        'deploy/t1.sql:4: column "nope" does not exist',
        "  found: \tnope FROM pg_class;",
        "         \t^",
    ]


def test_an_error_inside_of_a_do_block_shows_the_line_of_the_block(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change(
        "t1",
        "BEGIN;\nDO $x$\nBEGIN\n    PERFORM 1;\n    RAISE 'no %', 'way'\n"
        "        USING DETAIL = 'It is blocked.', HINT = 'Turn.', ERRCODE = 'DV001';\n"
        "END $x$;\nCOMMIT;\n",
    )
    err = ours("deploy").err.splitlines()
    assert err[0] == "deploy/t1.sql:5: no way"
    assert err[1] == "  found:     RAISE 'no %', 'way'"
    assert "         DETAIL:  It is blocked." in err
    assert "         HINT:  Turn." in err
    assert "         SQLSTATE: DV001" in err


def test_a_failing_verify_undoes_its_change_without_the_revert_script(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change(
        "t1",
        revert="SELECT 'must not run'/0;",
        verify="BEGIN;\nDO $$ BEGIN RAISE 't1 is incomplete' USING DETAIL = 'no column b'; END $$;"
        "\nROLLBACK;\n",
    )
    ran = ours("deploy", "--verify")
    assert ran.code == 2
    assert ran.err.splitlines() == [
        "verify/t1.sql:2: t1 is incomplete",
        "  found: DO $$ BEGIN RAISE 't1 is incomplete' USING DETAIL = 'no column b'; END $$;",
        "         DETAIL:  no column b",
        "         CONTEXT:  PL/pgSQL function inline_code_block line 1 at RAISE",
        "         SQLSTATE: P0001",
        'Verify script "verify/t1.sql" failed.',
        "Deploy failed",
    ]
    assert tables(db) == set()
    assert events(db) == ["fail t1"]


def test_a_deferred_constraint_that_fires_at_commit_fails_the_change(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change(
        "t1",
        "CREATE TABLE p (a int PRIMARY KEY);\n"
        "CREATE TABLE t1 (a int REFERENCES p DEFERRABLE INITIALLY DEFERRED);\n"
        "INSERT INTO t1 VALUES (7);\n",
    )
    ran = ours("deploy", "--verify")
    assert ran.code == 2
    assert ran.err.startswith("deploy/t1.sql: COMMIT failed: insert or update on table")
    assert "Key (a)=(7) is not present" in ran.err
    assert "  + t1 .. not ok" in ran.lines
    assert tables(db) == set()
    assert events(db) == ["fail t1"]


def test_a_failing_revert_during_rollback_asks_for_repair(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1").change("t2", revert="DROP TABLE nope;").change("boom", BOOM)
    ran = ours("deploy")
    assert ran.code == 2
    assert ran.lines[-1] == "  - t2 .... not ok"
    assert 'revert/t2.sql:1: table "nope" does not exist' in ran.err
    assert ran.err.splitlines()[-2:] == [
        "The schema will need to be manually repaired",
        "Deploy failed",
    ]
    assert deployed(db) == ["t1", "t2"]
    assert tables(db) == {"t1", "t2"}


def test_a_lock_that_is_not_granted_in_time_fails_the_change(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1").change("t2", "ALTER TABLE t1 ADD b int;")
    ours("deploy", "--to", "t1")
    with db.transaction():
        db.execute("LOCK TABLE t1 IN ACCESS SHARE MODE")
        ran = ours("deploy", "--statement-lock-timeout", "50ms", "--lock-retries", "0")
    assert ran.code == 2
    assert "deploy/t2.sql:1: canceling statement due to lock timeout" in ran.err
    assert "Another session holds a lock; run again when it is done." in ran.err
    assert ours("deploy").code == 0


def test_a_script_may_wait_longer_for_a_lock_if_it_says_so(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1", "SET LOCAL lock_timeout = '17s';\nCREATE TABLE t1 AS SHOW lock_timeout;")
    toy.script(
        "deploy",
        "t1",
        "SET LOCAL lock_timeout = '17s'; CREATE TABLE t1 AS SELECT"
        " current_setting('lock_timeout') AS lock_timeout;",
    )
    toy.change("t2", "CREATE TABLE t2 AS SELECT current_setting('lock_timeout') AS lock_timeout;")
    assert ours("deploy").code == 0
    assert db.execute("TABLE t1").fetchall() == [("17s",)]
    assert db.execute("TABLE t2").fetchall() == [("2s",)]


@pytest.mark.parametrize("time", ["soon", "-1s", "2x", "99999999h"])
def test_a_time_that_is_none_is_a_usage_error(toy: Toy, uri: str, time: str) -> None:
    toy.change("t1")
    ran = ours("deploy", f"--statement-lock-timeout={time}")
    assert ran.code == 2
    assert "is no time such as" in ran.err


def test_an_unknown_mode_is_a_usage_error(toy: Toy, uri: str) -> None:
    toy.change("t1")
    assert ours("deploy", "--mode", "bogus").code == 2
