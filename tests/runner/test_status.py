"""Status and check: where a database stands, without touching it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.runner.toys import Toy, deployed, ours

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg
    import pytest


def test_status_shows_the_last_change_and_what_is_pending(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1").change("t2").tag("v1").tag("v2").change("t3").change("t4").tag("v3")
    ours("deploy", "--to", "t2")
    ran = ours("status")
    assert ran.code == 0
    assert re.fullmatch(r"# On database postgresql://\S+", ran.lines[0])
    [(found,)] = db.execute("SELECT change_id FROM sqitch.changes WHERE change = 't2'").fetchall()
    assert ran.lines[1:5] == [
        "# Project:  toy",
        f"# Change:   {found}",
        "# Name:     t2",
        "# Tags:     @v1, @v2",
    ]
    assert re.fullmatch(r"# Deployed: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000", ran.lines[5])
    assert ran.lines[6:] == [
        "# By:       Ada Lovelace <ada@example.org>",
        "# ",
        "Undeployed changes:",
        "  * t3",
        "  * t4 @v3",
    ]


def test_status_of_a_database_without_changes_exits_1(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1")
    ran = ours("status")
    assert (ran.code, ran.lines[1:], ran.err) == (1, ["No changes deployed"], "")
    ours("deploy")
    ours("revert", "--all", "-y")
    assert ours("status").code == 1


def test_status_lists_changes_and_tags_on_request(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1").change("longer")
    ours("deploy")
    ran = ours("status", "--show-changes", "--show-tags", "--date-format", "strftime:%Y")
    year = ran.lines[4].removeprefix("# Deployed: ")
    assert ran.lines[6:] == [
        "# ",
        "# Changes:",
        f"#   longer - {year} - Ada Lovelace <ada@example.org>",
        f"#   t1     - {year} - Ada Lovelace <ada@example.org>",
        "# ",
        "# Tags: None.",
        "# ",
        "Nothing to deploy (up-to-date)",
    ]
    toy.tag("v1")
    ours("deploy")
    toy.write("sqitch.conf", "[core]\n\tengine = pg\n[status]\n\tshow_tags = true\n")
    assert "# Tag:" in ours("status").lines
    assert "# Tag:" not in ours("status", "--no-show-tags").lines


def test_status_of_a_change_that_is_not_in_the_plan_is_an_error(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1", note="first")
    ours("deploy")
    toy.lines[0] = toy.lines[0].replace("# first", "# second")
    toy.tag("v1")
    ran = ours("status")
    assert ran.code == 2
    assert "# Name:     t1" in ran.lines
    assert ran.err.splitlines()[0] == "Cannot find this change in sqitch.plan"


def test_status_works_without_a_plan(
    toy: Toy, db: psycopg.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.change("t1")
    ours("deploy")
    (toy.folder / "sqitch.plan").unlink()
    ran = ours("status")
    assert ran.code == 0
    assert ran.lines[-1] == 'Status unknown. Use --plan-file to assess "toy" status'
    other = Toy(tmp_path / "other", "other").change("o1")
    monkeypatch.chdir(other.folder)
    ours("deploy")
    (other.folder / "sqitch.plan").unlink()
    ran = ours("status")
    assert ran.code == 2
    assert "Use --project to select which project to query: other, toy" in ran.err
    assert "# Name:     t1" in ours("status", "--project", "toy").lines


def test_a_broken_plan_is_an_error_of_status(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1")
    ours("deploy")
    toy.write("sqitch.plan", "%project=toy\n\nnonsense here\n")
    assert ours("status").code == 2


def test_check_finds_edited_scripts(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1").change("t2").tag("v1").change("t3")
    ours("deploy")
    ran = ours("check")
    assert (ran.code, ran.lines[1:]) == (0, ["Check successful"])
    for name in ("t2", "t3"):
        toy.script("deploy", name, f"-- edited {name}")
    ran = ours("check")
    assert ran.code == 1
    assert ran.lines[0].startswith("Checking postgresql://")
    assert ran.lines[1:] == [
        "Script signatures diverge at change t2 @v1",
        "  * deploy/t2.sql was edited after it was deployed",
        "  * deploy/t3.sql was edited after it was deployed",
        "Failed one check",
    ]
    assert ours("check", "--to", "t1").code == 0
    assert ours("check", "--from", "t3").code == 1


def test_check_finds_what_is_no_longer_in_the_plan(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1").change("t2", note="first")
    ours("deploy")
    toy.lines[1] = toy.lines[1].replace("# first", "# second")
    toy.tag("v1")
    ran = ours("check")
    assert ran.code == 1
    assert any(line.startswith("Cannot find change ") for line in ran.lines)
    assert ran.lines[-1] == "Failed one check"
    toy.script("deploy", "t1", "-- edited")
    assert ours("check").lines[-1] == "Failed 2 checks"


def test_check_before_any_deploy_says_so(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1")
    assert ours("check").code == 2
    ours("deploy")
    ours("revert", "--all", "-y")
    ran = ours("check")
    assert (ran.code, ran.lines[-1]) == (0, "No changes deployed")


def test_whoever_only_looks_needs_no_name_that_can_be_recorded(
    toy: Toy, db: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.change("t1")
    assert ours("deploy").code == 0
    toy.change("t2")
    monkeypatch.setenv("SQITCH_FULLNAME", "Ada <ada@example.org>")
    for command in ("status", "verify", "check", "log"):
        assert ours(command).code == 0, command
    for words in (["deploy"], ["revert", "--all", "-y"]):
        ran = ours(*words)
        assert (ran.code, ran.err.splitlines()[0]) == (
            2,
            'User name may not contain "<" or start with "["',
        )
    assert deployed(db) == ["t1"]
