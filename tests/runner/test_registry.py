"""Adopting a database: its registry is made, and what is there is recorded change by change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.runner.toys import Toy, deployed, events, ours, sqitch_uri, tables

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg
    from tests.support.database import Database
    from tests.support.sqitch import RunSqitch


def test_the_registry_is_made_once_and_nothing_is_deployed(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1")
    ran = ours("registry", "init")
    assert ran.code == 0, ran.err
    assert ran.lines[0].startswith("Adding registry tables to ")
    assert ran.lines[1] == "# Project toy is registered now; nothing was deployed"
    assert deployed(db) == []
    assert tables(db) == set()
    ran = ours("registry", "init", "--json")
    content = json.loads(ran.out)
    assert (content["registry_added"], content["project_added"]) == (False, False)
    assert ours("deploy").code == 0


@pytest.mark.sqitch
def test_sqitch_takes_the_registry_for_its_own(
    toy: Toy, db: psycopg.Connection, empty_database: Database, sqitch: RunSqitch
) -> None:
    toy.change("t1")
    ours("registry", "init")
    assert sqitch("deploy", "--verify", sqitch_uri(empty_database.url)).code == 0
    assert deployed(db) == ["t1"]


def test_another_project_of_the_same_name_is_refused(
    toy: Toy, db: psycopg.Connection, tmp_path: Path
) -> None:
    toy.change("t1")
    ours("registry", "init")
    toy.uri = "https://example.org/other"
    toy.change("t2")
    ran = ours("registry", "init")
    assert ran.code == 2
    assert 'Cannot register "toy"' in ran.err


def test_a_database_is_adopted_as_far_as_its_verify_scripts_succeed(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1").change("t2").change("t3").tag("v1")
    db.execute("CREATE TABLE t1 (a int)")
    db.execute("CREATE TABLE t2 (a int)")
    db.execute("GRANT ALL ON t1, t2 TO PUBLIC")
    ran = ours("deploy", "--log-only", "--verify", "--mode", "change")
    assert ran.code == 2
    assert "  + t1 ...... ok" in ran.lines
    assert "  + t3 @v1 .. not ok" in ran.lines
    assert 'Verify script "verify/t3.sql" failed.' in ran.err
    assert deployed(db) == ["t1", "t2"]
    assert events(db) == ["deploy t1", "deploy t2", "fail t3"]
    assert tables(db) == {"t1", "t2"}
    assert ours("deploy", "--verify").code == 0
    assert ours("check").code == 0


def test_line_ends_that_git_changed_are_told_apart_from_edits(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1", "CREATE TABLE t1 (a int);\n-- end\n").change("t2")
    path = toy.folder / "deploy" / "t2.sql"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    ran = ours("deploy")
    assert ran.code == 0
    assert "deploy/t2.sql has CRLF line ends" in ran.err
    assert "deploy/t1.sql" not in ran.err
    path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n"))
    ran = ours("check")
    assert ran.code == 1
    assert "deploy/t2.sql differs in its line ends only" in ran.out
