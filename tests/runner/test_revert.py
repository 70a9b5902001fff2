"""Reverting: what goes, what is refused, who is asked."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.runner.toys import Toy, deployed, environment, events, ours, tables

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg
    import pytest


def test_revert_goes_back_to_a_change(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1").tag("v1").change("t2").change("long_name").tag("v2")
    ours("deploy")
    ran = ours("revert", "--to", "@v1", "-y")
    assert ran.code == 0
    assert ran.lines[0].startswith("Reverting changes to t1 @v1 from ")
    assert ran.lines[1:] == ["  - long_name @v2 .. ok", "  - t2 ............. ok"]
    assert deployed(db) == ["t1"]
    assert tables(db) == {"t1"}
    assert events(db)[-2:] == ["revert long_name", "revert t2"]
    assert db.execute("SELECT tag FROM sqitch.tags").fetchall() == [("@v1",)]


def test_revert_all_removes_everything_and_keeps_the_history(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1", note="One.").tag("v1").change("t2", needs="t1 !other:x")
    ours("deploy")
    ran = ours("revert", "--all", "-y")
    assert ran.code == 0
    assert ran.lines[0].startswith("Reverting all changes from ")
    assert deployed(db) == []
    assert db.execute(
        "SELECT event, change, note, requires, conflicts, tags, committer_name"
        " FROM sqitch.events WHERE event = 'revert' ORDER BY committed_at"
    ).fetchall() == [
        ("revert", "t2", "", ["t1"], ["other:x"], [], "Ada Lovelace"),
        ("revert", "t1", "One.", [], [], ["@v1"], "Ada Lovelace"),
    ]
    assert ours("revert", "--all", "-y").out == "Nothing to revert (nothing deployed)\n"


def test_revert_never_reverts_everything_by_default(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1")
    ours("deploy")
    ran = ours("revert", "-y")
    assert ran.code == 2
    assert "--all reverts everything" in ran.err
    assert ours("revert", "-y", "--all", "--to", "t1").code == 2
    assert deployed(db) == ["t1"]


def test_revert_refuses_to_guess_an_answer_without_a_terminal(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1")
    ours("deploy")
    for stdin in ("", "y\n"):
        ran = ours("revert", "--all", input=stdin)
        assert ran.code == 2
        assert "Add -y" in ran.err
    assert deployed(db) == ["t1"]
    # Where there is nothing to revert nobody needs to be asked.
    ran = ours("revert", "--to", "t1")
    assert (ran.code, ran.out) == (0, 'No changes deployed since: "t1"\n')


def _answer(words: list[str], answer: bytes) -> tuple[int, str]:
    """Run the toolkit on a terminal of its own, type an answer, return exit code and screen."""
    ours_, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "dsvault", *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment(),
    ) as process:
        os.close(theirs)
        screen = b""
        answered = False
        while True:
            try:
                chunk = os.read(ours_, 4096)
            except OSError:  # the other end is closed
                break
            if not chunk:
                break
            screen += chunk
            if b"? [" in screen and not answered:
                answered = True
                os.write(ours_, answer)
    os.close(ours_)
    return process.returncode, screen.decode().replace("\r\n", "\n")


def test_on_a_terminal_revert_asks(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1").change("t2")
    ours("deploy")
    code, screen = _answer(["revert", "--all"], b"what\nn\n")
    assert code == 1
    assert "Revert all changes from " in screen
    assert 'Please answer "y" or "n".' in screen
    assert screen.endswith("Nothing reverted\n")
    assert deployed(db) == ["t1", "t2"]
    code, screen = _answer(["revert", "--to", "t1"], b"\n")
    assert code == 0
    assert "Revert changes to t1 from " in screen
    assert "? [Yes] " in screen
    assert "\x1b[32mok" in screen
    assert deployed(db) == ["t1"]


def test_no_colour_is_used_where_none_is_wanted(
    toy: Toy, db: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    toy.change("t1", "DO $$ BEGIN RAISE WARNING 'mind'; END $$;")
    code, screen = _answer(["deploy"], b"")
    assert code == 0
    # On a screen the line is written again after something came in between.
    assert screen.endswith("  + t1 .. \ndeploy/t1.sql:1: WARNING:  mind\n  + t1 .. ok\n")
    assert "\x1b" not in screen


def test_the_default_answer_and_asking_itself_can_be_configured(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1")
    ours("deploy")
    toy.write("sqitch.conf", "[core]\n\tengine = pg\n[revert]\n\tprompt_accept = false\n")
    code, screen = _answer(["revert", "--all"], b"\n")
    assert code == 1
    assert "? [No] " in screen
    toy.write("sqitch.conf", "[core]\n\tengine = pg\n[revert]\n\tno_prompt = true\n")
    assert ours("revert", "--all").code == 0
    assert deployed(db) == []


def test_unknown_undeployed_and_last_changes_are_told_apart(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1").change("t2")
    ours("deploy", "--to", "t1")
    ran = ours("revert", "--to", "ghost", "-y")
    assert (ran.code, ran.err.splitlines()[0]) == (2, 'Unknown change: "ghost"')
    ran = ours("revert", "--to", "t2", "-y")
    assert (ran.code, ran.err.splitlines()[0]) == (2, 'Change not deployed: "t2"')
    ran = ours("revert", "--to", "t1", "-y")
    assert (ran.code, ran.out) == (0, 'No changes deployed since: "t1"\n')


def test_revert_without_registry_is_an_error(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1")
    ran = ours("revert", "--all", "-y")
    assert ran.code == 2
    assert ran.err.startswith("No registry found in postgresql://")
    assert ran.err.endswith(". Have you ever deployed?\n")


def test_what_another_project_requires_cannot_be_reverted(
    toy: Toy, db: psycopg.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.change("t1").tag("v1").change("t2")
    ours("deploy")
    other = Toy(tmp_path / "other", "other").change("o1", needs="toy:t1").tag("w1")
    monkeypatch.chdir(other.folder)
    assert ours("deploy").code == 0
    monkeypatch.chdir(toy.folder)
    ran = ours("revert", "--all", "-y")
    assert ran.code == 2
    assert ran.err.splitlines()[0] == (
        'Change "t1 @v1" required by currently deployed change: other:o1@w1'
    )
    assert ours("revert", "--to", "t1", "-y").code == 0
    assert deployed(db) == ["t1", "o1"]


def test_a_failing_revert_leaves_its_change_deployed(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1").change("t2", revert="BEGIN;\nDROP TABLE t2;\nSELECT 1/0;\nCOMMIT;\n")
    toy.change("t3")
    ours("deploy")
    ran = ours("revert", "--all", "-y")
    assert ran.code == 2
    assert ran.lines[1:] == ["  - t3 .. ok", "  - t2 .. not ok"]
    assert ran.err.splitlines()[0] == "revert/t2.sql:3: division by zero"
    assert "Revert failed" not in ran.err  # Sqitch says no more than what failed
    assert deployed(db) == ["t1", "t2"]
    assert tables(db) == {"t1", "t2"}
    assert events(db)[-1] == "revert t3"


def test_missing_and_broken_revert_scripts_stop_everything_beforehand(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1", revert="DROP TABEL t1;").change("t2").change("t3")
    ours("deploy", "--mode", "change")
    ran = ours("revert", "--all", "-y")
    assert ran.code == 2
    assert "revert/t1.sql:1: syntax error" in ran.err
    toy.script("revert", "t1", "DROP TABLE t1;")
    (toy.folder / "revert/t2.sql").unlink()
    ran = ours("revert", "--all", "-y")
    assert ran.code == 2
    assert "Revert script revert/t2.sql does not exist" in ran.err
    assert deployed(db) == ["t1", "t2", "t3"]
    assert ours("revert", "--all", "-y", "--log-only").code == 0
    assert deployed(db) == []
    assert tables(db) == {"t1", "t2", "t3"}


def test_a_change_whose_plan_line_was_edited_can_still_be_reverted(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1").change("t2", note="first")
    ours("deploy")
    toy.lines[1] = toy.lines[1].replace("# first", "# second")
    toy.change("t3")
    assert ours("revert", "--to", "t1", "-y").code == 0
    assert ours("deploy").code == 0
    assert deployed(db) == ["t1", "t2", "t3"]


def test_a_reworked_change_is_reverted_by_the_script_of_its_own_time(
    toy: Toy, db: psycopg.Connection
) -> None:
    for kind in ("deploy", "revert", "verify"):
        toy.script(kind, "f@v1", f"CREATE TABLE old_{kind} ();")
        toy.script(kind, "f", f"CREATE TABLE new_{kind} ();")
    toy.planned("f").tag("v1").planned("f", needs="f@v1")
    assert ours("deploy").code == 0
    assert tables(db) == {"old_deploy", "new_deploy"}
    assert ours("revert", "--to", "f@v1", "-y").code == 0
    assert tables(db) == {"old_deploy", "new_deploy", "new_revert"}
    assert ours("revert", "--all", "-y").code == 0
    assert "old_revert" in tables(db)


def test_an_edited_line_of_a_reworked_change_is_not_guessed_at(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.script("deploy", "f@v1", "SELECT 1;").script("revert", "f@v1", "SELECT 1;")
    toy.script("deploy", "f", "SELECT 2;").script("revert", "f", "SELECT 2;")
    toy.planned("f").tag("v1").planned("f", needs="f@v1", note="first")
    ours("deploy")
    toy.lines[2] = toy.lines[2].replace("# first", "# second")
    toy.tag("v2")
    ran = ours("revert", "--all", "-y")
    assert ran.code == 2
    assert "no telling which script reverts it" in ran.err
    assert deployed(db) == ["f", "f"]
