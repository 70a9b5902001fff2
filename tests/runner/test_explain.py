"""`deploy --explain`: which locks each pending change takes, what it rewrites and scans."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from tests.runner.toys import deployed, environment, ours, tables

if TYPE_CHECKING:
    import psycopg
    from tests.runner.toys import Toy

ROWS = 50
TRIGGER = (
    "CREATE TRIGGER same BEFORE UPDATE ON t1"
    " FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();"
)


@pytest.fixture
def grown(toy: Toy, db: psycopg.Connection) -> Toy:
    """A database with a table of some rows and a project that goes on from there."""
    toy.change("t1", "CREATE TABLE t1 (a int PRIMARY KEY, b int);\nCREATE TABLE other (a int);")
    ours("deploy")
    db.execute(f"INSERT INTO t1 SELECT n, n FROM generate_series(1, {ROWS}) AS s (n)")
    return toy


def explained(*words: str) -> dict[str, dict[str, Any]]:
    """Return what is said about each change."""
    ran = ours("deploy", "--explain", "--json", *words)
    assert ran.code == 0, ran.err
    return {change["name"]: change for change in json.loads(ran.out)["changes"]}


@pytest.mark.parametrize(
    ("script", "mode"),
    [
        ("ALTER TABLE t1 ADD c int;", "ACCESS EXCLUSIVE"),
        ("CREATE INDEX ON t1 (b);", "SHARE"),
        (TRIGGER, "SHARE ROW EXCLUSIVE"),
        ("ALTER TABLE t1 ALTER b SET STATISTICS 50;", "SHARE UPDATE EXCLUSIVE"),
        ("UPDATE t1 SET b = 2 WHERE a = 1;", "ROW EXCLUSIVE"),
        ("SELECT a FROM t1 WHERE a = 1 FOR UPDATE;", "ROW SHARE"),
        ("SELECT a FROM t1 WHERE a = 1;", "ACCESS SHARE"),
        ("REFRESH MATERIALIZED VIEW CONCURRENTLY m;", "EXCLUSIVE"),
    ],
)  # fmt: skip
def test_the_strongest_lock_on_each_relation_is_named(
    grown: Toy, db: psycopg.Connection, script: str, mode: str
) -> None:
    db.execute("CREATE MATERIALIZED VIEW m AS SELECT a FROM t1")
    db.execute("CREATE UNIQUE INDEX ON m (a)")
    for name in ("t1", "m"):
        db.execute(f"ALTER {'TABLE' if name == 't1' else 'MATERIALIZED VIEW'} {name} OWNER TO"
                   f" {_owner(db)}")  # fmt: skip
    locks = explained_locks(grown, script)
    assert locks["public.m" if " m;" in script else "public.t1"] == mode


def _owner(db: psycopg.Connection) -> str:
    row = db.execute("SELECT tableowner FROM pg_tables WHERE tablename = 'other'").fetchone()
    assert row is not None
    return str(row[0])


def explained_locks(toy: Toy, script: str) -> dict[str, str]:
    toy.change("next", script)
    return {lock["relation"]: lock["mode"] for lock in explained()["next"]["locks"]}


def test_locks_come_strongest_first_and_say_what_they_block(grown: Toy) -> None:
    grown.change("next", "SELECT a FROM other;\nALTER TABLE t1 ADD c int;")
    locks = explained()["next"]["locks"]
    assert locks[0] == {
        "relation": "public.t1",
        "mode": "ACCESS EXCLUSIVE",
        "blocks": "blocks reads and writes",
    }
    assert locks[-1]["mode"] == "ACCESS SHARE"


def test_a_rewrite_is_told_from_a_change_of_the_catalog(grown: Toy) -> None:
    grown.change("catalog", "ALTER TABLE t1 ADD c int DEFAULT 7;")
    grown.change("volatile", "ALTER TABLE t1 ADD d float DEFAULT random();")
    grown.change("type", "ALTER TABLE t1 ALTER b TYPE bigint;")
    found = explained()
    assert found["catalog"]["rewrites"] == []
    assert found["volatile"]["rewrites"] == ["public.t1", "public.t1_pkey"]
    assert "public.t1" in found["type"]["rewrites"]


def test_a_scan_is_counted_in_rows(grown: Toy) -> None:
    grown.change("index", "CREATE INDEX t1_b ON t1 (b);")
    grown.change("check", "ALTER TABLE t1 ADD CONSTRAINT b_positive CHECK (b > 0);")
    grown.change("later", "ALTER TABLE t1 ADD CONSTRAINT b_small CHECK (b < 99) NOT VALID;")
    found = explained()
    assert {"relation": "public.t1", "rows": ROWS} in found["index"]["scans"]
    assert {"relation": "public.t1", "rows": ROWS} in found["check"]["scans"]
    assert found["later"]["scans"] == []


def test_what_the_run_makes_itself_is_left_out(grown: Toy) -> None:
    grown.change("t2", "CREATE TABLE t2 AS SELECT 1 AS a;")
    grown.change("more", "ALTER TABLE t2 ADD b float DEFAULT random();\nSELECT * FROM t2;")
    found = explained()
    for name in ("t2", "more"):
        assert (found[name]["locks"], found[name]["rewrites"], found[name]["scans"]) == ([], [], [])


def test_a_table_that_is_dropped_is_named(grown: Toy) -> None:
    grown.change("drop", "DROP TABLE other;")
    assert explained()["drop"]["locks"][0]["relation"] == "public.other"
    assert explained()["drop"]["rewrites"] == []


def test_nothing_stays_of_what_was_explained(grown: Toy, db: psycopg.Connection) -> None:
    grown.change("t2")
    explained()
    assert deployed(db) == ["t1"]
    assert tables(db) == {"t1", "other"}


def test_in_a_pipe_it_is_plain_lines(grown: Toy) -> None:
    grown.change("next", "ALTER TABLE t1 ADD c float DEFAULT random();").tag("v2")
    grown.change("index", "CREATE INDEX t1_b ON t1 (b);")
    grown.change("vacuum", "VACUUM t1;").change("fine", "CREATE TYPE mood AS ENUM ();")
    ran = ours("deploy", "--explain", "--no-verify")
    assert ran.code == 0
    lines = ran.lines[ran.lines.index("") :]
    assert lines[1].startswith("next @v2: ")
    assert lines[1].endswith(" ms")
    assert lines[2] == "  ACCESS EXCLUSIVE public.t1 blocks reads and writes"
    assert "  REWRITES public.t1 a new file: rewritten, rebuilt or truncated" in lines
    assert f"  SCANS public.t1 {ROWS} rows read" in lines
    assert "  not tried:  runs outside of a transaction" in lines
    assert lines[-1] == "  nothing  that was there before the run"


def test_on_a_terminal_it_is_a_table(grown: Toy) -> None:
    grown.change("next", "ALTER TABLE t1 ADD c int;")
    ours_, theirs = pty.openpty()
    words = [sys.executable, "-m", "dsvault", "deploy", "--explain"]
    wide = {"COLUMNS": "140", "TERM": "dumb"}
    with subprocess.Popen(words, stdout=theirs, env=environment() | wide) as process:
        os.close(theirs)
        screen = b""
        while chunk := _read(ours_):
            screen += chunk
    os.close(ours_)
    assert process.returncode == 0
    text = screen.decode()
    assert "change" in text
    assert "ACCESS EXCLUSIVE" in text
    assert "public.t1" in text


def _read(end: int) -> bytes:
    try:
        return os.read(end, 4096)
    except OSError:  # the other side is closed
        return b""
