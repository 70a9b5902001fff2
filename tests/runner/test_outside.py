"""Scripts that no transaction can hold run as psql would run them, and are recorded after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.runner.toys import deployed, events, ours, tables

if TYPE_CHECKING:
    import psycopg
    from tests.runner.toys import Toy

INDEX = "DROP INDEX CONCURRENTLY IF EXISTS t1_a;\nCREATE INDEX CONCURRENTLY t1_a ON t1 (a);\n"


def test_a_concurrent_index_is_built_verified_and_recorded(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1")
    toy.change(
        "index",
        INDEX,
        "DROP INDEX CONCURRENTLY t1_a;",
        "SELECT 1/count(*) FROM pg_index WHERE indexrelid = 't1_a'::regclass AND indisvalid;",
    )
    assert ours("deploy", "--verify").code == 0
    assert deployed(db) == ["t1", "index"]
    assert ours("verify").code == 0
    assert ours("revert", "--to", "t1", "-y").code == 0
    assert db.execute("SELECT to_regclass('t1_a')").fetchone() == (None,)
    assert events(db)[-1] == "revert index"


def test_a_script_of_several_transactions_keeps_them(toy: Toy, db: psycopg.Connection) -> None:
    toy.change(
        "steps",
        "BEGIN;\nCREATE TABLE one AS SELECT txid_current() AS id;\nCOMMIT;\n"
        "BEGIN;\nCREATE TABLE two AS SELECT txid_current() AS id;\nCOMMIT;\n",
        verify="SELECT 1/(one.id <> two.id)::int FROM one, two;",
        revert="BEGIN; DROP TABLE one; COMMIT; BEGIN; DROP TABLE two; COMMIT;",
    )
    assert ours("deploy", "--verify").code == 0
    assert tables(db) == {"one", "two"}
    assert ours("revert", "--all", "-y").code == 0
    assert tables(db) == set()


def test_a_failure_in_the_second_transaction_leaves_the_first_and_is_recorded(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1").change(
        "steps",
        "BEGIN;\nCREATE TABLE one ();\nCOMMIT;\n"
        "BEGIN;\nCREATE TABLE two ();\nSELECT 1/0;\nCOMMIT;\n",
    )
    ran = ours("deploy", "--mode", "change")
    assert ran.code == 2
    assert "deploy/steps.sql:6: division by zero" in ran.err
    assert tables(db) == {"t1", "one"}
    assert deployed(db) == ["t1"]
    assert events(db) == ["deploy t1", "fail steps"]


def test_a_failing_verification_runs_the_revert_script(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1").change("index", INDEX, "DROP INDEX t1_a;", "SELECT 1/0;")
    ran = ours("deploy", "--verify", "--mode", "change")
    assert ran.code == 2
    assert 'Verify script "verify/index.sql" failed.' in ran.err
    assert db.execute("SELECT to_regclass('t1_a')").fetchone() == (None,)
    assert deployed(db) == ["t1"]
    assert events(db) == ["deploy t1", "fail index"]


def test_a_procedure_that_commits_runs_outside(toy: Toy, db: psycopg.Connection) -> None:
    toy.change(
        "proc",
        "CREATE PROCEDURE fill() LANGUAGE plpgsql AS $$ BEGIN\n"
        "CREATE TABLE filled (id bigint);\nFOR i IN 1..2 LOOP\n"
        "INSERT INTO filled VALUES (txid_current()); COMMIT; END LOOP; END $$;",
    )
    toy.change("call", "CALL fill();", verify="SELECT 1/(count(DISTINCT id) - 1) FROM filled;")
    toy.change("do", "DO $$ BEGIN COMMIT; CREATE TABLE done (); END $$;", verify="TABLE done;")
    ran = ours("deploy", "--verify", "--mode", "change")
    assert ran.code == 2  # verify/proc.sql looks for a table
    toy.script("verify", "proc", "SELECT 'fill()'::regprocedure;")
    ran = ours("deploy", "--verify")
    assert ran.code == 0, ran.err
    assert tables(db) == {"filled", "done"}


def test_a_procedure_that_commits_cannot_run_inside_of_the_scripts_own_transaction(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("do", "BEGIN;\nDO $$ BEGIN COMMIT; END $$;\nCOMMIT;\n")
    ran = ours("deploy")
    assert ran.code == 2
    assert "deploy/do.sql:2: invalid transaction termination" in ran.err


def test_a_new_enum_value_can_be_used_by_its_verification(toy: Toy, db: psycopg.Connection) -> None:
    toy.change(
        "mood", "CREATE TYPE mood AS ENUM ('sad');", "DROP TYPE mood;", "SELECT 'sad'::mood;"
    )
    toy.change(
        "happy",
        "BEGIN;\nALTER TYPE mood ADD VALUE 'happy';\nCOMMIT;\n",
        "SELECT 1;",
        "BEGIN;\nSELECT 'happy'::mood;\nROLLBACK;\n",
    )
    ran = ours("deploy", "--verify")
    assert ran.code == 0, ran.err
    assert deployed(db) == ["mood", "happy"]


def test_what_a_script_sets_outside_reaches_nobody_else(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1")
    toy.change("vacuum", "SET work_mem = '7MB';\nCREATE TEMP TABLE scratch ();\nVACUUM t1;\n")
    toy.change(
        "t3",
        "CREATE TABLE t3 AS SELECT current_setting('work_mem') AS m,"
        " to_regclass('pg_temp.scratch') IS NULL AS clean;",
    )
    assert ours("deploy").code == 0
    [(memory, is_clean)] = db.execute("TABLE t3").fetchall()
    assert memory != "7MB"
    assert is_clean


def test_a_read_only_script_is_recorded_all_the_same(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("look", "BEGIN READ ONLY;\nSELECT 1;\nCOMMIT;\n")
    assert ours("deploy").code == 0
    assert deployed(db) == ["look"]


def test_a_verify_script_that_cannot_be_rolled_back_is_refused(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1", verify="VACUUM t1;")
    ran = ours("deploy", "--verify")
    assert ran.code == 2
    assert "verify/t1.sql has a statement that PostgreSQL refuses in a transaction" in ran.err
    assert tables(db) == set()


def test_a_statement_that_waits_for_others_has_no_lock_timeout(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change(
        "t1",
        "CREATE FUNCTION f() RETURNS text LANGUAGE sql VOLATILE AS"
        " $$ SELECT current_setting('lock_timeout') $$; CREATE TABLE t1 (a text);",
    )
    toy.change("index", "INSERT INTO t1 VALUES (f());\nVACUUM t1;\n")
    toy.change("two", "BEGIN;INSERT INTO t1 VALUES (f());COMMIT;BEGIN;SELECT 2;COMMIT;")
    assert ours("deploy", "--statement-lock-timeout", "3s").code == 0
    assert db.execute("TABLE t1").fetchall() == [("0",), ("3s",)]
