"""Deploying: what runs, what is recorded, what is said."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.runner.toys import deployed, environment, events, ours, tables

if TYPE_CHECKING:
    import psycopg
    from tests.runner.toys import Toy


def test_changes_are_deployed_in_the_plans_order_with_sqitchs_words(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("users").change("a/b", "CREATE TABLE ab ();").tag("v1").change("zoo")
    ran = ours("deploy")
    assert ran.code == 0
    place = ran.lines[0].removeprefix("Adding registry tables to ")
    assert ran.lines == [
        f"Adding registry tables to {place}",
        f"Deploying changes to {place}",
        "  + users .... ok",
        "  + a/b @v1 .. ok",
        "  + zoo ...... ok",
    ]
    assert ran.err == ""
    assert deployed(db) == ["users", "a/b", "zoo"]
    assert tables(db) == {"users", "ab", "zoo"}
    assert events(db) == ["deploy users", "deploy a/b", "deploy zoo"]


def test_a_second_deploy_changes_nothing_and_says_so(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1")
    ours("deploy")
    before = db.execute("SELECT xmin::text, c.* FROM sqitch.changes c").fetchall()
    ran = ours("deploy")
    assert (ran.code, ran.out, ran.err) == (0, "Nothing to deploy (up-to-date)\n", "")
    assert db.execute("SELECT xmin::text, c.* FROM sqitch.changes c").fetchall() == before
    assert events(db) == ["deploy t1"]


def test_to_names_the_last_change_to_deploy(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1").change("t2").tag("v1").change("t3")
    ran = ours("deploy", "--to", "@v1")
    assert ran.lines[1].startswith("Deploying changes through t2 @v1 to ")
    assert deployed(db) == ["t1", "t2"]
    assert ours("deploy", "--to", "t2").out == 'Nothing to deploy (already at "t2")\n'
    assert ours("deploy", "HEAD").code == 0
    assert deployed(db) == ["t1", "t2", "t3"]


def test_deploy_refuses_to_go_back(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1").change("t2")
    ours("deploy")
    ran = ours("deploy", "--to", "t1")
    assert ran.code == 2
    assert ran.err.startswith('Cannot deploy to an earlier change; use "revert" instead\n')
    assert deployed(db) == ["t1", "t2"]


def test_an_unknown_change_is_an_error(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1")
    ran = ours("deploy", "--to", "nope")
    assert ran.code == 2
    assert 'Unknown change: "nope"' in ran.err
    assert tables(db) == set()


def test_an_ambiguous_change_lists_its_candidates(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1").tag("v1")
    toy.planned("t1", needs="t1@v1").script("deploy", "t1@v1", "SELECT 1;")
    ran = ours("deploy", "--to", "t1")
    assert ran.code == 2
    assert 'Change "t1" is ambiguous. Please specify a tag-qualified change:' in ran.err
    assert "t1@HEAD" in ran.err
    assert "t1@v1" in ran.err


def test_a_plan_without_changes_is_an_error(toy: Toy, db: psycopg.Connection) -> None:
    ran = ours("deploy")
    assert (ran.code, ran.err) == (2, "Nothing to deploy (empty plan)\n")


def test_the_registry_holds_the_hash_of_the_raw_script(toy: Toy, db: psycopg.Connection) -> None:
    text = "-- Ünïcode\r\nBEGIN;\r\nCREATE TABLE t1 ();\r\nCOMMIT;\r\n"
    toy.change("t1")
    path = toy.folder / "deploy/t1.sql"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert ours("deploy").code == 0
    digest = hashlib.sha1(path.read_bytes()).hexdigest()  # noqa: S324 - the registry's format
    assert db.execute("SELECT script_hash FROM sqitch.changes").fetchall() == [(digest,)]


def test_scripts_without_begin_run_in_a_transaction_all_the_same(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("half", "CREATE TABLE half ();\nSELECT 1/0;\n")
    assert ours("deploy").code == 2
    assert tables(db) == set()


def test_a_script_that_rolls_itself_back_is_recorded_and_leaves_nothing(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("dry", "BEGIN;\nCREATE TABLE dry ();\nROLLBACK;\n")
    assert ours("deploy").code == 0
    assert tables(db) == set()
    assert deployed(db) == ["dry"]


def test_statements_around_the_scripts_transaction_run_too(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change(
        "t1",
        "SET client_min_messages = warning;\nBEGIN;\nCREATE TABLE t1 ();\nCOMMIT;\n"
        "COMMENT ON TABLE t1 IS 'said';\n",
    )
    assert ours("deploy").code == 0
    assert db.execute("SELECT obj_description('t1'::regclass)").fetchone() == ("said",)


@pytest.mark.usefixtures("uri")
def test_a_mode_that_nobody_knows_is_refused_in_the_settings_too(toy: Toy) -> None:
    toy.change("t1")
    with (toy.folder / "sqitch.conf").open("a") as config:
        config.write("[deploy]\n\tmode = some\n")
    for words in (["deploy"], ["rebase", "--all", "-y"]):
        ran = ours(*words)
        assert ran.code == 2
        assert 'Unknown mode "some"\n' in ran.err


def test_the_scripts_isolation_level_is_kept(toy: Toy, db: psycopg.Connection) -> None:
    toy.change(
        "t1",
        "BEGIN ISOLATION LEVEL SERIALIZABLE;\nCREATE TABLE t1 AS"
        " SELECT current_setting('transaction_isolation') AS level;\nCOMMIT;\n",
    )
    toy.change(
        "t2",
        "BEGIN;\nSET TRANSACTION ISOLATION LEVEL REPEATABLE READ;\nCREATE TABLE t2 AS"
        " SELECT current_setting('transaction_isolation') AS level;\nCOMMIT;\n",
    )
    assert ours("deploy").code == 0
    assert db.execute("TABLE t1").fetchall() == [("serializable",)]
    assert db.execute("TABLE t2").fetchall() == [("repeatable read",)]


def test_log_only_records_without_running(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1").planned("t2")  # t2 has no scripts at all
    assert ours("deploy", "--log-only").code == 0
    assert tables(db) == set()
    hashes = db.execute("SELECT change, script_hash IS NULL FROM sqitch.changes").fetchall()
    assert sorted(hashes) == [("t1", False), ("t2", True)]


def test_log_only_with_verify_records_only_what_is_there(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1").change("t2")
    db.execute("CREATE TABLE t1 (a int); GRANT SELECT ON t1 TO PUBLIC")
    ran = ours("deploy", "--log-only", "--verify", "--mode", "change")
    assert ran.code == 2
    assert "verify/t2.sql:2: relation" in ran.err
    assert deployed(db) == ["t1"]
    assert events(db) == ["deploy t1", "fail t2"]


def test_verify_follows_the_configuration_unless_an_option_says_otherwise(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1", verify="SELECT 1/0;")
    assert ours("deploy").code == 0
    toy.write("sqitch.conf", "[core]\n\tengine = pg\n[deploy]\n\tverify = true\n")
    toy.change("t2", verify="SELECT 1/0;")
    assert ours("deploy").code == 2
    assert deployed(db) == ["t1"]
    assert ours("deploy", "--no-verify").code == 0
    assert deployed(db) == ["t1", "t2"]


def test_a_missing_verify_script_is_worth_a_warning_only(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1")
    (toy.folder / "verify/t1.sql").unlink()
    ran = ours("deploy", "--verify")
    assert (ran.code, ran.err) == (0, "Verify script verify/t1.sql does not exist\n")


def test_a_missing_revert_script_is_worth_a_warning_only(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1")
    (toy.folder / "revert/t1.sql").unlink()
    ran = ours("deploy")
    assert (ran.code, ran.err) == (0, "Revert script revert/t1.sql does not exist\n")


def test_a_tag_added_later_is_recorded_by_the_next_deploy(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1")
    ours("deploy")
    toy.tag("v1").tag("v2")
    assert ours("deploy").out == "Nothing to deploy (up-to-date)\n"
    rows = db.execute(
        "SELECT t.tag, t.committed_at > c.committed_at FROM sqitch.tags t"
        " JOIN sqitch.changes c USING (change_id) ORDER BY t.committed_at"
    ).fetchall()
    assert rows == [("@v1", True), ("@v2", True)]


def test_notices_go_to_stderr_with_script_and_line(toy: Toy, db: psycopg.Connection) -> None:
    toy.change(
        "t1",
        "BEGIN;\nDROP TABLE IF EXISTS none;\nDO $$\nBEGIN\n    RAISE NOTICE 'half way';\n"
        "    RAISE WARNING 'mind' USING HINT = 'the gap';\nEND $$;\nCOMMIT;\n",
    )
    ran = ours("deploy")
    assert ran.err.splitlines() == [
        "deploy/t1.sql:5: NOTICE:  half way",
        "deploy/t1.sql:6: WARNING:  mind",
        "HINT:  the gap",
    ]
    assert "  + t1 .. ok" in ran.lines


def test_a_notice_of_a_deferred_trigger_comes_from_its_script(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change(
        "t1",
        "CREATE TABLE t1 ();\nCREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE WARNING 'late'; RETURN NULL; END $$;\n"
        "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON t1 DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION f();\nINSERT INTO t1 DEFAULT VALUES;\n",
    )
    assert ours("deploy").err == "deploy/t1.sql: WARNING:  late\n"


def test_rows_of_scripts_are_shown_as_by_sqitch_and_routine_notices_on_request(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1", "DROP TABLE IF EXISTS none;\nSELECT 1, NULL, 'x';\n")
    toy.change("t2", "SELECT 2;\n")
    ran = ours("deploy", "--to", "t1")
    assert ran.lines[-2:] == ["  + t1 .. 1||x", "ok"]
    assert "skipping" not in ran.err
    ours("revert", "--all", "-y", "--log-only")
    assert "skipping" in ours("deploy", "--verbose").err


def test_the_name_is_printed_before_the_script_runs(
    toy: Toy, uri: str, db: psycopg.Connection
) -> None:
    toy.change("slow", "SELECT pg_advisory_xact_lock(42);")
    db.execute("SELECT pg_advisory_lock(42)")
    words = [sys.executable, "-m", "dsvault", "deploy", "--statement-lock-timeout", "20s"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, env=environment()) as process:
        assert process.stdout is not None
        seen = b""
        while not seen.endswith(b"  + slow .. "):
            seen += process.stdout.read(1)
        assert process.poll() is None
        db.execute("SELECT pg_advisory_unlock(42)")
        assert process.stdout.read() == b"\nok\n"  # the row of a function that returns nothing


def test_control_characters_never_reach_the_terminal(
    toy: Toy, db: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SQITCH_FULLNAME", "\x1b[2JEve\x9b2J\u202e")
    toy.change("t1", "DO $$ BEGIN RAISE NOTICE '%', chr(27) || '[2J'; END $$;")
    for ran in (ours("deploy"), ours("status"), ours("log")):
        assert not any(mark in ran.out + ran.err for mark in "\x1b\x9b\u202e")
        assert r"\x1b[2J" in ran.out + ran.err
    shown = ours("status", "--json").out
    assert not any(mark in shown for mark in "\x1b\x9b\u202e")
    assert json.loads(shown)["current"]["deployed_by"].startswith("\x1b[2JEve\x9b2J\u202e")


@pytest.mark.parametrize("schema", ["meta", 'odd "name"; DROP'])
def test_the_registry_can_live_in_another_schema(
    toy: Toy, db: psycopg.Connection, schema: str
) -> None:
    toy.change("t1")
    assert ours("deploy", "--registry", schema).code == 0
    quoted = schema.replace('"', '""')
    assert deployed(db, quoted) == ["t1"]
    assert db.execute("SELECT to_regnamespace('sqitch')").fetchone() == (None,)
    assert ours("status", "--registry", schema).lines[-1] == "Nothing to deploy (up-to-date)"


def test_the_registrys_schema_may_exist_before(toy: Toy, db: psycopg.Connection, uri: str) -> None:
    role = db.execute(
        "SELECT datdba::regrole::text FROM pg_database WHERE datname = current_database()"
    )
    (owner,) = role.fetchone() or ("",)
    db.execute(f"CREATE SCHEMA sqitch; GRANT ALL ON SCHEMA sqitch TO {owner}")
    db.execute("ALTER DATABASE " + db.info.dbname + " OWNER TO CURRENT_USER")
    db.execute(f"REVOKE ALL ON DATABASE {db.info.dbname} FROM PUBLIC")
    db.execute(f"GRANT CONNECT ON DATABASE {db.info.dbname} TO {owner}")
    db.execute(f"GRANT ALL ON SCHEMA public TO {owner}")
    toy.change("t1")
    assert ours("deploy").code == 0
    assert deployed(db) == ["t1"]
