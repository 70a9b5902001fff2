"""`plan --compare` and `check`: which line of the plan is not what a database or a revision has."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.runner.toys import ours

from dsvault.errors import DsvaultError

if TYPE_CHECKING:
    import psycopg
    from tests.runner.toys import Toy


@pytest.fixture
def deployed_toy(toy: Toy, db: psycopg.Connection) -> Toy:
    toy.change("t1", note="One.").change("t2", needs="t1 !other:x", note="Two.").change("t3")
    ours("deploy")
    return toy


def edit(toy: Toy, old: str, new: str) -> None:
    text = (toy.folder / "sqitch.plan").read_text()
    assert old in text
    toy.write("sqitch.plan", text.replace(old, new))


def test_a_plan_that_a_database_has_agrees(deployed_toy: Toy, uri: str) -> None:
    deployed_toy.change("t4")
    ran = ours("plan", "--compare", uri)
    assert ran.code == 0, ran.err
    assert ran.lines[1:] == ['  the same: 3, the last of them "t3"', "  not deployed: t4"]
    # Where nothing is said it is the database that every command works on.
    assert ours("plan", "--compare") == ran
    assert ours("plan", uri, "--compare") == ran
    assert json.loads(ours("plan", "--compare", "--json").out)["diverged"] is False


def test_an_edited_line_is_named_and_every_command_points_to_it(
    deployed_toy: Toy, uri: str
) -> None:
    edit(deployed_toy, "Two.", "Too.")
    ran = ours("plan", "--compare", uri)
    assert ran.code == 1
    assert ":5: \"t2\" edited: note was 'Two.', is 'Too.'" in ran.out
    assert "do: Take back the edit: t2 [t1 !other:x] 2024-05-06T07:00:02Z Grace" in ran.out
    assert "or: dsvault revert --to t1, then dsvault deploy" in ran.out
    ran = ours("check")
    assert ran.code == 1
    assert "sqitch.plan:5: \"t2\" edited: note was 'Two.', is 'Too.'" in ran.out
    ran = ours("deploy")
    assert ran.code == 2
    assert "dsvault plan --compare says which line" in ran.err
    edit(deployed_toy, "Too.", "Two.")
    assert ours("check").code == 0
    assert ours("deploy").code == 0


def test_it_is_one_json_object(deployed_toy: Toy, uri: str) -> None:
    edit(deployed_toy, "One.", "First.")
    ran = ours("plan", "--compare", uri, "--json")
    assert ran.code == 1
    content = json.loads(ran.out)
    assert content["diverged"] is True
    assert content["common"] == 0
    [item] = content["differences"]
    assert list(item) == ["kind", "name", "line", "what", "do"]


def test_a_git_revision_and_a_file_can_be_compared(deployed_toy: Toy, uri: str) -> None:
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "One"]):
        subprocess.run([*git, *words], check=True, cwd=deployed_toy.folder)
    old = deployed_toy.write("old.plan", (deployed_toy.folder / "sqitch.plan").read_text())
    edit(deployed_toy, "t3 ", "t3 [t1] ")
    for what in ("HEAD", str(old), "HEAD:sqitch.plan"):
        ran = ours("plan", "--compare", what)
        assert ran.code == 1, ran.err
        assert '"t3" edited: requires was [], is [t1]' in ran.out
    with pytest.raises(DsvaultError, match="is no database, no plan file and no revision"):
        ours("plan", "--compare", "nothing-of-that-name")


def test_a_database_without_registry_has_everything_still_to_come(toy: Toy, uri: str) -> None:
    toy.change("t1")
    ran = ours("plan", "--compare", uri)
    assert ran.code == 0
    assert ran.lines[1:] == ["  the same: 0", "  not deployed: t1"]
