"""Scripts share one session, and none of them notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.runner.toys import deployed, events, ours

if TYPE_CHECKING:
    import psycopg
    from tests.runner.toys import Toy
    from tests.support.database import Database

# What a script may leave behind, and how the next one would notice it.
LEFTOVERS = {
    "setting": ("SET work_mem = '7MB';", "current_setting('work_mem') <> '7MB'"),
    "local setting": ("SET LOCAL work_mem = '7MB';", "current_setting('work_mem') <> '7MB'"),
    "search path": ("SET search_path = nowhere;", "to_regclass('notes') IS NOT NULL"),
    "custom setting": (
        "SET app.tenant = 'a';",
        "coalesce(current_setting('app.tenant', true), '') = ''",
    ),
    "role": ("SET ROLE pg_monitor;", "current_user = session_user"),
    "session user": (
        "SET SESSION AUTHORIZATION pg_monitor;",
        "(session_user, current_user) = ('postgres', 'postgres')",
    ),
    "local role": ("SET LOCAL ROLE pg_monitor;", "current_user = session_user"),
    "temporary table": (
        "CREATE TEMP TABLE scratch ();",
        "to_regclass('pg_temp.scratch') IS NULL",
    ),
    "prepared statement": (
        "PREPARE q AS SELECT 1;",
        "NOT EXISTS (SELECT FROM pg_prepared_statements WHERE name = 'q')",
    ),
    "sequence": ("SELECT nextval('numbers');", "last_number() IS NULL"),
    "cursor": (
        "DECLARE c CURSOR WITH HOLD FOR SELECT 1;",
        "NOT EXISTS (SELECT FROM pg_cursors WHERE name = 'c')",
    ),
    "listening": ("LISTEN news;", "NOT EXISTS (SELECT FROM pg_listening_channels())"),
    "replica": (
        "SET session_replication_role = replica;",
        "current_setting('session_replication_role') = 'origin'",
    ),
}
# lastval() is an error in a session that took no number.
LAST_NUMBER = """
CREATE SEQUENCE numbers;
CREATE FUNCTION last_number() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    RETURN lastval();
EXCEPTION WHEN object_not_in_prerequisite_state THEN
    RETURN NULL;
END $$;
"""


@pytest.fixture
def superuser(empty_database: Database, uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Deploy as superuser, who may set everything."""
    monkeypatch.setenv("DSVAULT_TARGET", empty_database.superuser_url)


@pytest.mark.parametrize("leftover", LEFTOVERS)
def test_nothing_of_a_script_reaches_its_verification_the_registry_or_the_next_script(
    toy: Toy, db: psycopg.Connection, superuser: None, leftover: str
) -> None:
    statement, is_clean = LEFTOVERS[leftover]
    db.execute("CREATE TABLE notes (who text, clean boolean); GRANT ALL ON notes TO PUBLIC")
    db.execute(LAST_NUMBER)
    prove = f"DO $$ BEGIN ASSERT {is_clean}, 'left behind'; END $$;"
    toy.change("t1", f"BEGIN;\n{statement}\nCOMMIT;\n", prove, verify=prove)
    toy.change("t2", f"{prove} -- 2", statement, verify=f"BEGIN;\n{statement}\nROLLBACK;\n")
    toy.change("t3", f"{prove} -- 3", f"SELECT 1;\n{statement}\n", verify=prove)
    # The registry's row is written by the deployer, without his triggers switched off.
    db.execute(
        "CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" INSERT INTO public.notes VALUES (current_user, {is_clean}); RETURN NULL; END $$"
    )
    ours("deploy", "--log-only", "--to", "t1")
    ours("revert", "--all", "-y", "--log-only")
    db.execute("CREATE TRIGGER look AFTER INSERT ON sqitch.changes EXECUTE FUNCTION look()")
    ran = ours("deploy", "--verify")
    assert ran.code == 0, ran.err
    assert db.execute("SELECT who, clean FROM notes").fetchall() == [(db.info.user, True)] * 3
    assert ours("verify").code == 0
    assert ours("revert", "--all", "-y").code == 0


def test_a_role_does_not_come_back_when_a_later_one_ends_with_its_transaction(
    toy: Toy, db: psycopg.Connection, superuser: None
) -> None:
    toy.change("t1", "SET ROLE pg_monitor;").change("t2", "SET LOCAL ROLE pg_read_all_stats;")
    toy.change("t3", "DO $$ BEGIN ASSERT current_user = session_user, current_user; END $$;")
    ran = ours("deploy")
    assert ran.code == 0, ran.err


def test_deploy_scripts_run_with_row_security_off_and_verify_scripts_with_it_on(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change(
        "t1",
        "CREATE TABLE t1 AS SELECT current_setting('row_security') AS rls,"
        " current_setting('application_name') AS name;",
        verify="DO $$ BEGIN ASSERT current_setting('row_security') = 'on'; END $$;",
        revert="DROP TABLE t1; CREATE TABLE r1 AS SELECT current_setting('row_security') AS rls;",
    )
    assert ours("deploy", "--verify").code == 0
    assert db.execute("TABLE t1").fetchall() == [("off", "dsvault deploy")]
    assert ours("verify").code == 0
    assert ours("revert", "--all", "-y").code == 0
    assert db.execute("TABLE r1").fetchall() == [("off",)]


def test_a_name_that_the_uri_gives_to_the_session_is_kept(
    toy: Toy, empty_database: Database, db: psycopg.Connection
) -> None:
    toy.change("t1", "CREATE TABLE t1 AS SELECT current_setting('application_name') AS name;")
    mark = "&" if "?" in empty_database.url else "?"
    assert ours("deploy", f"{empty_database.url}{mark}application_name=mine").code == 0
    assert db.execute("TABLE t1").fetchall() == [("mine",)]


def test_a_backfill_that_row_security_would_hide_is_an_error(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change(
        "t1",
        "CREATE TABLE t1 (a int); INSERT INTO t1 VALUES (1);\n"
        "ALTER TABLE t1 ENABLE ROW LEVEL SECURITY; ALTER TABLE t1 FORCE ROW LEVEL SECURITY;\n"
        "UPDATE t1 SET a = 2;",
    )
    ran = ours("deploy")
    assert ran.code == 2
    assert "query would be affected by row-level security policy" in ran.err


def test_nothing_that_a_verify_script_does_stays(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1", verify="INSERT INTO t1 VALUES (1);\nSELECT a FROM t1;\nCOMMIT;\n")
    toy.change("t2", verify="BEGIN;\nINSERT INTO t2 VALUES (1);\nCOMMIT;\n")
    assert ours("deploy", "--verify").code == 0
    assert ours("verify").code == 0
    assert db.execute("SELECT count(*) FROM (TABLE t1 UNION ALL TABLE t2) AS a").fetchone() == (0,)


def test_a_read_only_verify_script_cannot_write(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1", verify="BEGIN READ ONLY;\nINSERT INTO t1 VALUES (1);\nROLLBACK;\n")
    ran = ours("deploy", "--verify")
    assert ran.code == 2
    assert "verify/t1.sql:2: cannot execute INSERT in a read-only transaction" in ran.err
    toy.script("verify", "t1", "BEGIN READ ONLY;\nSELECT a FROM t1;\nROLLBACK;\n")
    assert ours("deploy", "--verify").code == 0
    assert ours("verify").code == 0


def test_the_verify_script_sees_what_the_deploy_script_made(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change(
        "t1",
        "CREATE TABLE t1 AS SELECT 5 AS a;",
        verify="BEGIN; SELECT 1/count(*) FROM t1 WHERE a = 5; ROLLBACK;",
    )
    assert ours("deploy", "--verify").code == 0
    assert deployed(db) == ["t1"]


def test_times_strictly_increase_even_if_the_clock_is_put_back(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1").tag("v1").tag("v2")
    ours("deploy")
    # As after a failover to a server whose clock is late.
    db.execute("UPDATE sqitch.changes SET committed_at = committed_at + interval '1 hour'")
    db.execute("UPDATE sqitch.tags SET committed_at = committed_at + interval '1 hour'")
    toy.change("t2").tag("v3").change("t3").change("t4").tag("v4")
    assert ours("deploy").code == 0
    rows = db.execute(
        "SELECT name FROM (SELECT change AS name, committed_at FROM sqitch.changes UNION ALL"
        " SELECT tag, committed_at FROM sqitch.tags) AS all_of_them ORDER BY committed_at"
    ).fetchall()
    assert [name for (name,) in rows] == ["t1", "@v1", "@v2", "t2", "@v3", "t3", "t4", "@v4"]
    assert db.execute(
        "SELECT count(*) = count(DISTINCT committed_at) FROM (SELECT committed_at FROM"
        " sqitch.changes UNION ALL SELECT committed_at FROM sqitch.tags) AS times"
    ).fetchone() == (True,)
    assert ours("status").lines[3] == "# Name:     t4"


def test_history_keeps_its_order_too(toy: Toy, db: psycopg.Connection) -> None:
    for number in range(5):
        toy.change(f"t{number}")
    ours("deploy")
    ours("revert", "--to", "t1", "-y")
    assert events(db) == [
        *(f"deploy t{n}" for n in range(5)),
        "revert t4",
        "revert t3",
        "revert t2",
    ]
