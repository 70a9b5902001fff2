"""A script that no transaction can hold is cut off: what was begun is known, finished or undone."""

from __future__ import annotations

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from tests.runner.toys import deployed, events, ours, sqitch_uri, tables

if TYPE_CHECKING:
    import psycopg
    from tests.runner.toys import Toy
    from tests.support.database import Database
    from tests.support.sqitch import RunSqitch

SUICIDE = "SELECT pg_terminate_backend(pg_backend_pid());"
# Ends the session that builds an index at the row where it evaluates this.
DEADLY = (
    "CREATE TABLE t1 (a int);\nINSERT INTO t1 VALUES (1);\n"
    "CREATE FUNCTION deadly(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN\n"
    "IF current_setting('application_name') = 'dsvault deploy' THEN\n"
    "PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN $1; END $$;"
)
INDEX = "CREATE INDEX CONCURRENTLY t1_a ON t1 (deadly(a));\n"
IS_VALID = "SELECT 1/count(*) FROM pg_index WHERE indexrelid = 't1_a'::regclass AND indisvalid;"


def intents(db: psycopg.Connection) -> list[tuple[str, str, int, int]]:
    """Return change, action, done and begun of each intent; without the table there is none."""
    if db.execute("SELECT to_regclass('dsvault_runner.intents')").fetchone() == (None,):
        return []
    return db.execute("SELECT change, action, done, begun FROM dsvault_runner.intents").fetchall()


def has_schema(db: psycopg.Connection) -> bool:
    return db.execute("SELECT to_regnamespace('dsvault_runner')").fetchone() != (None,)


def test_a_build_that_was_cut_is_cleaned_up_finished_and_recorded(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1", DEADLY).change("index", INDEX, "DROP INDEX t1_a;", IS_VALID).change("t3")
    ran = ours("deploy", "--verify")
    assert ran.code == 2
    assert '"index" runs outside of a transaction, so parts of it may stay' in ran.err
    assert "do:    Run: dsvault repair" in ran.err
    assert intents(db) == [("index", "deploy", 0, 1)]
    assert db.execute("SELECT indisvalid FROM pg_index WHERE NOT indisvalid").fetchall() == [
        (False,)
    ]
    ran = ours("repair")
    assert ran.code == 0, ran.err
    assert "0 of 1 steps of deploy/index.sql were done, step 1 was at work" in ran.out
    assert "the index is dropped: public.t1_a" in ran.err
    assert ran.lines[-1] == "  + index .. ok # deployed"
    assert deployed(db) == ["t1", "index"]
    assert db.execute("SELECT indisvalid FROM pg_index WHERE indrelid = 't1'::regclass").fetchall()
    assert not has_schema(db)
    assert ours("deploy", "--verify").code == 0
    assert ours("verify").code == 0


def test_deploy_and_revert_refuse_until_it_is_repaired(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1", DEADLY).change("index", INDEX, "DROP INDEX t1_a;", IS_VALID)
    ours("deploy")
    for words in (["deploy"], ["deploy", "--dry-run"], ["revert", "--all", "-y"]):
        ran = ours(*words)
        assert ran.code == 2
        assert ran.err.startswith("An earlier run was cut off in the middle of a change")
        assert '"index" was being deployed outside of a transaction by Ada Lovelace' in ran.err
        assert "Run: dsvault repair" in ran.err
    ran = ours("status")
    assert (ran.code, ran.lines[-1]) == (0, "  * index")
    assert ran.err.startswith('"index" was being deployed outside of a transaction by Ada Lovelace')
    assert "Run: dsvault repair" in ran.err
    [told] = json.loads(ours("status", "--json").out)["unfinished"]
    assert "0 of 1 steps of deploy/index.sql were done" in told
    assert deployed(db) == ["t1"]


def test_undo_removes_what_was_made(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1", DEADLY)
    toy.change("index", INDEX, "DROP INDEX CONCURRENTLY IF EXISTS t1_a;", IS_VALID)
    ours("deploy")
    ran = ours("repair", "--undo")
    assert ran.code == 0, ran.err
    assert ran.lines[-1] == "  - index .. ok # undone"
    assert db.execute("SELECT to_regclass('t1_a')").fetchone() == (None,)
    assert deployed(db) == ["t1"]
    assert not has_schema(db)
    assert events(db) == ["deploy t1"]


def test_scripts_with_variables_are_repaired_with_the_same_ones(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1", DEADLY)
    toy.change("index", INDEX.replace("t1_a", ":index"), "DROP INDEX IF EXISTS :index;")
    assert ours("deploy", "--set", "index=t1_a").code == 2
    ran = ours("repair")
    assert ran.code == 2
    assert "the psql variable :index is not set" in ran.err
    assert "Add --set index=VALUE" in ran.err
    ran = ours("repair", "--no-verify", "-s", "index=t1_a")
    assert ran.code == 0, ran.err
    assert deployed(db) == ["t1", "index"]


def test_scripts_get_the_variables_of_deploy_and_revert(toy: Toy, db: psycopg.Connection) -> None:
    sections = "".join(
        f'[{kind} "variables"]\n\tindex = t1_{name}\n'
        for kind, name in (("deploy", "a"), ("revert", "b"))
    )
    toy.write("sqitch.conf", f"[core]\n\tengine = pg\n{sections}")
    toy.change("t1", DEADLY)
    toy.change("index", INDEX.replace("t1_a", ":index"), "DROP INDEX :index;")
    assert ours("deploy").code == 2
    db.execute("CREATE INDEX t1_b ON t1 (a)")
    ran = ours("repair", "--undo")
    assert ran.code == 0, ran.err
    assert db.execute("SELECT to_regclass('t1_b')").fetchone() == (None,)


def test_a_dry_run_of_a_repair_only_looks(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1", DEADLY).change("index", INDEX, "DROP INDEX t1_a;", IS_VALID)
    ours("deploy")
    ran = ours("repair", "--dry-run", "--json")
    assert ran.code == 0
    content = json.loads(ran.out)
    assert list(content) == ["ok", "target", "project", "dry_run", "changes", "error"]
    [change] = content["changes"]
    assert list(change) == ["id", "name", "action", "steps_done", "steps", "became"]
    assert change["became"] == "found"
    assert intents(db) == [("index", "deploy", 0, 1)]


def test_without_anything_to_repair_it_says_so(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1")
    assert ours("repair").out.startswith("# Nothing to repair")
    ours("deploy")
    assert ours("repair").code == 0
    assert not has_schema(db)


STEPS = [
    "BEGIN;\nINSERT INTO t1 VALUES (1);\nCOMMIT;",
    "INSERT INTO t1 VALUES (2);",
    "CREATE INDEX CONCURRENTLY t1_a ON t1 (a);",
    "BEGIN;\nINSERT INTO t1 VALUES (3);\nCOMMIT;",
    "VACUUM t1;",
]


@pytest.mark.parametrize("cut", range(len(STEPS) + 1))
def test_wherever_a_script_is_cut_each_of_its_steps_is_done_once(
    toy: Toy, db: psycopg.Connection, cut: int
) -> None:
    """The session ends between two steps; then, in a second run, in the middle of one."""
    steps = [*STEPS[:cut], f"DO $$ BEGIN {DIE_ONCE} END $$;", *STEPS[cut:]]
    toy.change("t1", "CREATE TABLE t1 (a int); CREATE SEQUENCE lives;")
    toy.change("steps", "\n".join(steps), "SELECT 1;", "SELECT 1/(count(*) = 3)::int FROM t1;")
    assert ours("deploy", "--verify").code == 2
    assert deployed(db) == ["t1"]
    [(_, _, done, begun)] = intents(db)
    assert (done, begun) == (cut, cut)
    ran = ours("repair")
    assert ran.code == 0, ran.err
    assert db.execute("SELECT a FROM t1 ORDER BY a").fetchall() == [(1,), (2,), (3,)]
    assert deployed(db) == ["t1", "steps"]
    assert not has_schema(db)


# nextval is not undone with its transaction: the second time the session lives.
DIE_ONCE = "IF nextval('lives') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;"


def test_a_cut_between_script_and_record_is_finished(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1", "CREATE TABLE t1 (a int); CREATE SEQUENCE lives;")
    toy.change("vacuum", "VACUUM t1;", "SELECT 1;", f"DO $$ BEGIN {DIE_ONCE} END $$;")
    assert ours("deploy", "--verify").code == 2
    assert intents(db) == [("vacuum", "deploy", 1, 1)]
    assert ours("repair").code == 0
    assert deployed(db) == ["t1", "vacuum"]


def test_a_revert_that_was_cut_is_finished(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1", "CREATE TABLE t1 (a int); CREATE SEQUENCE lives;")
    toy.change(
        "index",
        "CREATE INDEX t1_a ON t1 (a);",
        f"DROP INDEX CONCURRENTLY t1_a;\nDO $$ BEGIN {DIE_ONCE} END $$;\nVACUUM t1;",
        IS_VALID,
    )
    assert ours("deploy", "--verify").code == 0
    ran = ours("revert", "--to", "t1", "-y")
    assert ran.code == 2
    assert "Run: dsvault repair" in ran.err
    assert deployed(db) == ["t1", "index"]
    assert intents(db) == [("index", "revert", 1, 1)]
    # It is not whole any more, so that it cannot stay, whatever its verify script looks at.
    toy.write("verify/index.sql", "SELECT 1;")
    ran = ours("repair", "--undo")
    assert ran.code == 2
    assert "Finish the revert by dsvault repair" in ran.err
    assert ours("repair").code == 0
    assert deployed(db) == ["t1"]
    assert events(db)[-1] == "revert index"
    assert not has_schema(db)


@pytest.mark.sqitch
def test_a_revert_is_not_finished_below_what_sqitch_deployed_meanwhile(
    toy: Toy, db: psycopg.Connection, empty_database: Database, sqitch: RunSqitch
) -> None:
    place = sqitch_uri(empty_database.url)
    toy.change("t1", "CREATE TABLE t1 (a int); CREATE SEQUENCE lives;")
    undo = f"DROP INDEX CONCURRENTLY t1_a;\nDO $$ BEGIN {DIE_ONCE} END $$;\nDROP TABLE t2;"
    toy.change("t2", "CREATE TABLE t2 (a int); CREATE INDEX t1_a ON t1 (a);", undo)
    toy.change("t3", "CREATE TABLE t3 (a int);", needs="t2")
    assert ours("deploy").code == 0
    assert ours("revert", "--to", "t1", "-y").code == 2
    theirs = sqitch("deploy", place)
    assert theirs.code == 0, theirs.err
    ran = ours("repair")
    assert ran.code == 2
    assert '"t3" was deployed after the revert of "t2" was cut off' in ran.err
    assert tables(db) >= {"t1", "t2", "t3"}
    theirs = sqitch("revert", "--to", "t2", "-y", place)
    assert theirs.code == 0, theirs.err
    assert ours("repair").code == 0
    assert deployed(db) == ["t1"]
    assert tables(db) == {"t1"}


def test_a_revert_that_was_cut_before_it_did_anything_can_be_taken_back(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1", "CREATE TABLE t1 (a int); CREATE SEQUENCE lives;")
    toy.change(
        "index",
        "CREATE INDEX t1_a ON t1 (a);",
        f"DO $$ BEGIN {DIE_ONCE} END $$;\nDROP INDEX CONCURRENTLY t1_a;",
        IS_VALID,
    )
    ours("deploy")
    assert ours("revert", "--to", "t1", "-y").code == 2
    ran = ours("repair", "--undo")
    assert ran.code == 0, ran.err
    assert ran.lines[-1] == "  - index .. ok # stays deployed"
    assert deployed(db) == ["t1", "index"]
    assert not has_schema(db)


COMMITS = f"DO $$ BEGIN INSERT INTO t1 VALUES (1); COMMIT; {DIE_ONCE} END $$;\n"


@pytest.mark.parametrize(("how", "rows"), [("--skip", 1), ("--again", 2), ("--undo", 0)])
def test_what_nobody_can_tell_a_person_decides(
    toy: Toy, db: psycopg.Connection, how: str, rows: int
) -> None:
    toy.change("t1", "CREATE TABLE t1 (a int); CREATE SEQUENCE lives;")
    toy.change("commits", COMMITS, "DELETE FROM t1;", "SELECT 1;")
    assert ours("deploy").code == 2
    assert intents(db) == [("commits", "deploy", 0, 1)]
    ran = ours("repair")
    assert ran.code == 2
    assert "deploy/commits.sql:1: nobody can tell whether this was committed" in ran.err
    assert "--skip if it was, --again if it was not" in ran.err
    assert ours("repair", how).code == 0
    assert db.execute("SELECT count(*) FROM t1").fetchone() == (rows,)
    assert deployed(db) == (["t1"] if how == "--undo" else ["t1", "commits"])
    assert not has_schema(db)


def test_a_failure_leaves_parts_a_repaired_script_goes_on(toy: Toy, db: psycopg.Connection) -> None:
    one, two = (
        "BEGIN;\nCREATE TABLE one ();\nCOMMIT;\n",
        "BEGIN;\nCREATE TABLE two ();\n{}COMMIT;\n",
    )
    toy.change("t1").change("steps", one + two.format("SELECT 1/0;\n"), "DROP TABLE one, two;")
    toy.script("verify", "steps", "TABLE one; TABLE two;")
    ran = ours("deploy", "--verify")
    assert ran.code == 2
    assert "1 of 2 steps of deploy/steps.sql were done. Run: dsvault repair" in ran.err
    # What came before it stays: parts of "steps" stand on it.
    assert deployed(db) == ["t1"]
    toy.script("deploy", "steps", two.format("") + one)
    ran = ours("repair")
    assert ran.code == 2
    assert "deploy/steps.sql was edited where it was already done" in ran.err
    toy.script("deploy", "steps", one + two.format(""))
    assert ours("repair").code == 0
    assert tables(db) == {"t1", "one", "two"}
    assert deployed(db) == ["t1", "steps"]


def test_a_failed_build_leaves_no_invalid_index_and_nothing_to_repair(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1", "CREATE TABLE t1 (a int); INSERT INTO t1 VALUES (1), (1);")
    toy.change("index", "CREATE UNIQUE INDEX CONCURRENTLY t1_a ON t1 (a);", "DROP INDEX t1_a;")
    ran = ours("deploy", "--mode", "change")
    assert ran.code == 2
    assert "could not create unique index" in ran.err
    assert "the index is dropped: public.t1_a" in ran.err
    assert db.execute("SELECT to_regclass('t1_a')").fetchone() == (None,)
    assert not has_schema(db)
    db.execute("DELETE FROM t1")
    assert ours("deploy").code == 0, ours("deploy").err


def test_a_failed_verification_whose_revert_fails_too_is_left_to_repair(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1")
    toy.change("index", "CREATE INDEX CONCURRENTLY t1_a ON t1 (a);", "SELECT 1/0;", "SELECT 1/0;")
    ran = ours("deploy", "--verify")
    assert ran.code == 2
    assert intents(db) == [("index", "deploy", 1, 1)]
    assert ours("repair").code == 2
    toy.script("verify", "index", IS_VALID)
    assert ours("repair").code == 0
    assert deployed(db) == ["t1", "index"]


def test_an_undo_that_was_cut_goes_on(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1", "CREATE TABLE t1 (a int); CREATE SEQUENCE lives;")
    undo = f"DROP INDEX CONCURRENTLY t1_a;\nDO $$ BEGIN {DIE_ONCE} END $$;\nVACUUM t1;"
    toy.change("index", "CREATE INDEX CONCURRENTLY t1_a ON t1 (a);", undo, "SELECT 1/0;")
    assert ours("deploy", "--verify").code == 2
    assert intents(db) == [("index", "undo", 1, 1)]
    ran = ours("repair")
    assert ran.code == 0, ran.err
    assert ran.lines[-1] == "  - index .. ok # undone"
    assert not has_schema(db)
    assert deployed(db) == ["t1"]


def test_what_was_recorded_by_sqitch_meanwhile_is_only_forgotten(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1", DEADLY).change("index", INDEX)
    ours("deploy")
    db.execute("INSERT INTO sqitch.changes SELECT * FROM sqitch.changes WHERE false")
    [(change_id,)] = db.execute("SELECT change_id FROM dsvault_runner.intents").fetchall()
    db.execute(
        "INSERT INTO sqitch.changes SELECT %s, NULL, 'index', project, note, clock_timestamp(),"
        " committer_name, committer_email, planned_at, planner_name, planner_email"
        " FROM sqitch.changes",
        [change_id],
    )
    ran = ours("repair")
    assert ran.code == 0
    assert ran.lines[-1] == "  + index .. ok # is recorded already"
    assert not has_schema(db)


def test_a_person_who_put_it_right_says_forget(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1", DEADLY).change("index", INDEX)
    ours("deploy")
    ran = ours("repair", "--forget")
    assert ran.code == 0
    assert deployed(db) == ["t1"]
    assert not has_schema(db)


def test_a_detaching_that_was_cut_is_ended(
    toy: Toy, db: psycopg.Connection, empty_database: Database
) -> None:
    toy.change(
        "t1",
        "CREATE TABLE t1 (a int) PARTITION BY LIST (a);\n"
        "CREATE TABLE p PARTITION OF t1 FOR VALUES IN (1);",
    )
    toy.change("detach", "ALTER TABLE t1 DETACH PARTITION p CONCURRENTLY;", verify="TABLE p;")
    ours("deploy", "--to", "t1")
    with empty_database.connect(superuser=True) as reader, ThreadPoolExecutor() as pool:
        reader.execute("SELECT * FROM t1")  # holds up the second half of the detaching
        running = pool.submit(ours, "deploy")
        while db.execute("SELECT inhdetachpending FROM pg_inherits").fetchall() != [(True,)]:
            time.sleep(0.01)
        db.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'dsvault deploy'"
        )
        assert running.result().code == 2
    ran = ours("repair")
    assert ran.code == 0, ran.err
    assert 'the detaching of "p" was begun and not ended: it is ended now' in ran.err
    assert db.execute("SELECT count(*) FROM pg_inherits").fetchone() == (0,)
    assert deployed(db) == ["t1", "detach"]


def test_a_role_that_the_script_took_does_not_hinder_the_notes(
    toy: Toy, db: psycopg.Connection, empty_database: Database
) -> None:
    toy.change("t1", "CREATE TABLE t1 (a int);")
    toy.change(
        "roles",
        "SET ROLE pg_monitor;\nSELECT 1;\nRESET ROLE;\nVACUUM t1;\n"
        "SET default_transaction_read_only = on;\nSELECT 2;\n"
        "BEGIN READ ONLY;\nSELECT 3;\nCOMMIT;\nSET default_transaction_read_only = off;\n",
    )
    owner = empty_database.deployer.name
    db.execute(f"GRANT pg_monitor TO {owner}")
    try:
        ran = ours("deploy")
    finally:
        db.execute(f"REVOKE pg_monitor FROM {owner}")
    assert ran.code == 0, ran.err
    assert deployed(db) == ["t1", "roles"]
    assert not has_schema(db)


def test_without_a_place_for_the_note_the_script_does_not_run(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1").change("index", "CREATE INDEX CONCURRENTLY t1_a ON t1 (a);")
    ours("deploy", "--to", "t1")
    db.execute("CREATE SCHEMA dsvault_runner")
    ran = ours("deploy")
    assert ran.code == 2
    assert "The intent to deploy index cannot be recorded" in ran.err
    assert "Let an administrator run CREATE SCHEMA dsvault_runner" in ran.err
    assert db.execute("SELECT to_regclass('t1_a')").fetchone() == (None,)


@pytest.mark.sqitch
def test_sqitch_neither_sees_nor_minds_the_note(
    toy: Toy, db: psycopg.Connection, empty_database: Database, sqitch: RunSqitch
) -> None:
    toy.change("t1", DEADLY).change("index", INDEX, "DROP INDEX t1_a;", IS_VALID)
    ours("deploy")
    place = sqitch_uri(empty_database.url)
    ran = sqitch("status", place)
    assert ran.code == 0
    assert re.search(r"# Name: +t1", ran.out)
    ours("repair")
    assert re.search(r"# Name: +index", sqitch("status", place).out)
    assert sqitch("verify", place).code == 0
    assert sqitch("revert", "-y", place).code == 0
    assert tables(db) == set()
