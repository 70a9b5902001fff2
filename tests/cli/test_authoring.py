"""Planning without Sqitch at hand: results, notes by an editor, and what is refused."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING

import pytest
from tests.runner.toys import COMMITTER, ours

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with nothing planned, which is the working folder."""
    for name, value in COMMITTER.items():
        monkeypatch.setenv(name, value)
    for name in ("SQITCH_USER_CONFIG", "SQITCH_SYSTEM_CONFIG"):
        monkeypatch.setenv(name, "/nowhere")
    for name in ("SQITCH_TARGET", "SQITCH_EDITOR", "VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert ours("init", "toy", "--engine", "pg").code == 0
    return folder


@pytest.mark.parametrize("name", ["0", "a b", "-a"])
def test_a_project_whose_plan_could_not_be_read_is_not_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    monkeypatch.chdir(folder)
    ran = ours("init", "--", name)
    assert ran.code == 2
    assert f'invalid project name "{name}"' in ran.err
    assert not list(folder.iterdir())


def test_results_are_one_json_object_each(project: Path) -> None:
    added = json.loads(ours("add", "a", "-n", "x", "--json").out)
    assert added["ok"]
    (change,) = added["changes"]
    assert change["created"] == ["deploy/a.sql", "revert/a.sql", "verify/a.sql"]
    tagged = json.loads(ours("tag", "v1", "-n", "x", "--json").out)
    assert tagged["tags"][0]["change_id"] == change["id"]
    reworked = json.loads(ours("rework", "a", "-n", "x", "--json").out)
    assert reworked["changes"][0]["kept"][:2] == ["deploy/a@v1.sql", "revert/a@v1.sql"]
    assert json.loads(ours("show", "change", "HEAD", "--json").out)["content"].startswith(
        "project "
    )
    refused = ours("add", "a", "-n", "x", "--json")
    assert refused.code == 2
    assert json.loads(refused.out)["error"]["message"].startswith('Change "a" already exists')


def test_an_editor_asks_for_the_note(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = project / "editor.sh"
    editor.write_text(
        '#!/bin/sh\ncp "$1" asked\nprintf "# gone\\nTwo\\n\\nlines \\\\ n\\n" > "$1"\n'
    )
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("EDITOR", str(editor))
    assert ours("add", "a").code == 0
    assert (project / "asked").read_text().startswith("\n# Write a note")
    assert (project / "sqitch.plan").read_text().endswith(r" # Two\n\nlines \\ n" + "\n")


def test_without_a_note_and_an_editor_nothing_is_written(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (project / "sqitch.plan").read_bytes()
    ran = ours("add", "a")
    assert (ran.code, ran.err.splitlines()[0]) == (
        2,
        "There is no note, and no terminal to ask for one",
    )
    monkeypatch.setenv("EDITOR", "true")
    ran = ours("add", "a")
    assert (ran.code, ran.out) == (1, "Aborting due to empty note\n")
    assert (project / "sqitch.plan").read_bytes() == before
    assert not (project / "deploy/a.sql").exists()


@pytest.mark.parametrize("name", ["a/../../../x", "a/../b", "a\0b"])
def test_no_name_leads_out_of_the_project(project: Path, name: str) -> None:
    words = ["--without", "deploy", "--without", "revert", "--without", "verify"]
    for more in ([], words):
        ran = ours("add", name, "-n", "x", *more)
        assert ran.code == 2
    assert "x" not in {path.name for path in project.parent.iterdir()}
    assert (project / "sqitch.plan").read_text().count("\n") == 3


def test_a_plan_with_such_a_name_makes_no_script_be_copied(project: Path) -> None:
    plan = project / "sqitch.plan"
    line = "2024-05-06T07:08:09Z A <a@b>"
    plan.write_text(f"%project=toy\n\nx/../../../etc/passwd {line}\n@v1 {line}\n")
    for words in (["rework", "x/../../../etc/passwd", "-n", "x"], ["bundle"]):
        ran = ours(*words)
        assert ran.code == 2
        assert "is no path below the folder of scripts" in ran.err
    assert "passwd" not in " ".join(str(path) for path in project.rglob("*"))


@pytest.mark.parametrize("header", ["%project=toy", "%project=toy\n", "%project=toy\n# of mine\n"])
def test_the_first_change_ends_the_header_of_a_plan_that_has_nothing_else(
    project: Path, header: str
) -> None:
    (project / "sqitch.plan").write_text(header)
    ran = ours("add", "a", "-n", "x")
    assert ran.code == 0, ran.err
    assert ours("plan", "--format", "format:%n", "--no-headers").out == "a\n"


def test_escape_sequences_are_shown_and_not_sent(project: Path) -> None:
    ran = ours("add", "a\x1b[2J", "-n", "x\x1b]0;y\x07")
    assert ran.code == 0
    tagged = ours("tag", "v\x1b[2J", "-n", "x")
    for text in (ran.out, tagged.out, ours("tag").out, ours("rework", "nothing\x1b[2J").err):
        assert "\x1b" not in text
        assert r"\x1b[2J" in text


def test_the_project_of_another_folder_is_never_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    ran = ours("add", "a", "-n", "x")
    assert (ran.code, ran.err.splitlines()[0]) == (2, "Plan file sqitch.plan does not exist")


def test_a_bundle_takes_along_what_scripts_include(project: Path) -> None:
    ours("add", "a", "-n", "x")
    (project / "deploy/a.sql").write_text("\\ir common/b.sql\n\\i deploy/c.sql\n\\i /etc/passwd\n")
    (project / "deploy/common").mkdir()
    (project / "deploy/common/b.sql").write_text("\\ir ../c.sql\n")
    (project / "deploy/c.sql").write_text("SELECT 1;\n")
    assert ours("bundle").code == 0
    found = {str(path.relative_to(project / "bundle")) for path in project.rglob("bundle/**/*.sql")}
    assert found >= {"deploy/a.sql", "deploy/common/b.sql", "deploy/c.sql"}
    assert not [path for path in found if "passwd" in path]


def test_a_plan_is_replaced_whole_and_keeps_its_permissions(project: Path) -> None:
    plan = project / "sqitch.plan"
    plan.chmod(0o640)
    real = project / "real.plan"
    plan.rename(real)
    plan.symlink_to(real)
    assert ours("add", "a", "-n", "x").code == 0
    assert plan.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert "\na 2" in real.read_text()
