"""`dsvault lint` as a user meets it: paths, options, formats, exit codes, exceptions."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from dsvault.cli.lint import command
from dsvault.lint.config import LintConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

BAD = "TRUNCATE customers CASCADE;\n"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lint(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, catch_exceptions=False)


def codes(result: Result) -> list[str]:
    return [finding["code"] for finding in json.loads(result.stdout)["findings"]]


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "gitlab"])
def test_what_a_script_holds_never_reaches_the_terminal_as_a_command(
    place: Path, form: str
) -> None:
    name = "\x1b[2J\x9b2J\u202e"
    (place / "a.sql").write_text(f'TRUNCATE "{name}" CASCADE;\n')
    (place / f"b{name}.sql").write_text(BAD)
    shown = lint("--format", form, ".").stdout
    assert shown.count("LK035") >= 2
    assert not any(mark in shown for mark in name[:1] + "\x9b\u202e")


def test_a_clean_file_exits_0_and_a_fault_1(place: Path) -> None:
    (place / "good.sql").write_text("SELECT 1;\n")
    (place / "bad.sql").write_text(BAD)
    assert lint("good.sql").exit_code == 0
    assert lint("bad.sql").exit_code == 1


def test_a_path_that_is_not_there_is_wrong_usage() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dsvault", "lint", "nowhere.sql"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "There is no nowhere.sql" in done.stderr


def test_text_shows_place_line_caret_and_what_to_do(place: Path) -> None:
    (place / "bad.sql").write_text("SELECT 1;\n" + BAD)
    lines = lint("bad.sql").stdout.splitlines()
    assert lines[0].startswith("bad.sql:2:1: error: ")
    assert lines[0].endswith("[LK035]")
    assert lines[1:3] == ["    " + BAD.strip(), "    ^"]
    assert lines[3].startswith("    do: ")
    assert lines[4].startswith("1 file: 1 error ")


def test_json_has_the_promised_keys(place: Path) -> None:
    (place / "bad.sql").write_text(BAD)
    content = json.loads(lint("bad.sql", "--json").stdout)
    keys = {"ok", "findings", "files", "rules", "errors", "warnings", "infos", "error"}
    assert set(content) == keys
    assert content["ok"] is False
    (finding,) = content["findings"]
    assert finding == {
        "path": "bad.sql",
        "line": 1,
        "column": 1,
        "code": "LK035",
        "class": "truncate-cascade",
        "severity": "error",
        "message": finding["message"],
        "fix": finding["fix"],
    }


def test_other_tools_get_their_formats(place: Path) -> None:
    (place / "bad.sql").write_text(BAD)
    sarif = json.loads(lint("bad.sql", "--format", "sarif").stdout)
    (result,) = sarif["runs"][0]["results"]
    assert sarif["version"] == "2.1.0"
    assert (result["ruleId"], result["level"]) == ("LK035", "error")
    assert sarif["runs"][0]["tool"]["driver"]["rules"][0]["id"] == "LK035"
    github = lint("bad.sql", "--format", "github").stdout
    assert github.startswith("::error file=bad.sql,line=1,col=1,title=LK035::")
    (issue,) = json.loads(lint("bad.sql", "--format", "gitlab").stdout)
    assert issue["location"] == {"path": "bad.sql", "lines": {"begin": 1}}
    assert lint("bad.sql", "--format", "gitlab").stdout == json.dumps([issue], indent=2) + "\n"


def test_rules_are_selected_by_code_beginning_family_and_class(place: Path) -> None:
    (place / "bad.sql").write_text(BAD + "DROP VIEW v CASCADE;\n")
    assert codes(lint("bad.sql", "--json")) == ["LK035", "LK034"]
    assert codes(lint("bad.sql", "--json", "--select", "LK034")) == ["LK034"]
    assert codes(lint("bad.sql", "--json", "--select", "lk")) == ["LK035", "LK034"]
    assert codes(lint("bad.sql", "--json", "--select", "running")) == []
    assert codes(lint("bad.sql", "--json", "--ignore", "drop-cascade")) == ["LK035"]
    assert codes(lint("bad.sql", "--json", "--select", "LK034,LK035")) == ["LK035", "LK034"]


def test_a_word_that_is_no_rule_is_refused(place: Path) -> None:
    (place / "bad.sql").write_text(BAD)
    done = subprocess.run(
        [sys.executable, "-m", "dsvault", "lint", "bad.sql", "--select", "XX999"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "XX999 is no rule" in done.stderr


def test_severity_decides_the_exit_code(place: Path) -> None:
    (place / "warned.sql").write_text("UPDATE orders SET note = '';\n")
    assert lint("warned.sql").exit_code == 1
    assert lint("warned.sql", "--fail-on", "error").exit_code == 0
    assert lint("warned.sql", "--fail-on", "info").exit_code == 1


def test_settings_of_pyproject_count_and_options_stand_above_them(place: Path) -> None:
    (place / "bad.sql").write_text(BAD + "UPDATE orders SET note = '';\n")
    (place / "pyproject.toml").write_text(
        '[tool.dsvault.lint]\nignore = ["LK035"]\ntarget-version = 18\n'
        '[tool.dsvault.lint.severity]\nLK027 = "error"\n'
    )
    content = json.loads(lint("bad.sql", "--json").stdout)
    found = [(finding["code"], finding["severity"]) for finding in content["findings"]]
    assert found == [("LK027", "error")]
    (place / "new.sql").write_text("CREATE VIEW v AS SELECT uuidv7() AS id;\n")
    assert "RN004" not in codes(lint("new.sql", "--json"))
    assert "RN004" in codes(lint("new.sql", "--json", "--target-version", "16"))


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("selct = []", "selct is no setting"),
        ("target-version = 99", "expected 10 to 18"),
        ('severity = {LK001 = "loud"}', "none of error, warning and info"),
        ("select = [", "cannot be read"),
    ],
)
def test_settings_that_cannot_be_used_are_named(place: Path, setting: str, words: str) -> None:
    (place / "pyproject.toml").write_text(f"[tool.dsvault.lint]\n{setting}\n")
    (place / "bad.sql").write_text(BAD)
    done = subprocess.run(
        [sys.executable, "-m", "dsvault", "lint", "bad.sql"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert words in done.stderr


def test_files_can_be_excluded(place: Path) -> None:
    (place / "old.sql").write_text(BAD)
    (place / "pyproject.toml").write_text('[tool.dsvault.lint]\nexclude = ["old*"]\n')
    assert codes(lint(".", "--json")) == []


def test_a_comment_with_a_reason_allows_a_finding(place: Path) -> None:
    (place / "a.sql").write_text(f"-- dsvault: allow LK035 nobody refers to it\n{BAD}{BAD}")
    (place / "b.sql").write_text(BAD.strip() + " -- dsvault: allow LK035 nobody refers to it\n")
    (place / "c.sql").write_text(f"-- dsvault: allow-file LK035 a sandbox\n{BAD}{BAD}")
    content = json.loads(lint("a.sql", "--json").stdout)
    assert [(f["code"], f["line"]) for f in content["findings"]] == [("LK035", 3)]
    assert codes(lint("b.sql", "--json")) == []
    assert codes(lint("c.sql", "--json")) == []


def test_an_allowed_statement_is_covered_to_its_end(place: Path) -> None:
    (place / "a.sql").write_text(
        "-- dsvault: allow LK035 nobody refers to them\nTRUNCATE\n    customers,\n    orders\n"
        "    CASCADE;\n"
    )
    assert codes(lint("a.sql", "--json")) == []


def test_an_allowance_needs_a_reason_a_rule_and_something_to_allow(place: Path) -> None:
    (place / "a.sql").write_text(f"-- dsvault: allow LK035\n{BAD}")
    (place / "b.sql").write_text(f"-- dsvault: allow LK999 because\n{BAD}")
    (place / "c.sql").write_text("-- dsvault: allow LK035 because\nSELECT 1;\n")
    assert codes(lint("a.sql", "--json")) == ["RN090", "LK035"]
    assert codes(lint("b.sql", "--json")) == ["RN090", "LK035"]
    assert codes(lint("c.sql", "--json")) == ["RN091"]


def test_what_is_safe_is_corrected_and_the_rest_is_left(place: Path) -> None:
    (place / "a.sql").write_text(
        "-- dsvault: allow LK035 nobody refers to it\nSELECT 1;\n"
        "SELECT 2; -- dsvault: allow LK034 nothing depends on it\n"
        "CREATE FUNCTION f() RETURNS date LANGUAGE sql IMMUTABLE AS 'SELECT current_date';\n" + BAD
    )
    assert codes(lint("a.sql", "--json")) == ["RN091", "RN091", "RN027", "LK035"]
    assert codes(lint("a.sql", "--json", "--fix")) == ["LK035"]
    assert (place / "a.sql").read_text() == (
        "SELECT 1;\nSELECT 2;\n"
        "CREATE FUNCTION f() RETURNS date LANGUAGE sql STABLE AS 'SELECT current_date';\n" + BAD
    )


def test_only_what_a_change_brings_is_reported(place: Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@y", *arguments], check=True)

    (place / "a.sql").write_text(BAD)
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "one")
    (place / "a.sql").write_text("SELECT 1;\n\n" + BAD + "DROP VIEW v CASCADE;\n")
    assert codes(lint("a.sql", "--json")) == ["LK035", "LK034"]
    assert codes(lint("a.sql", "--json", "--diff", "HEAD")) == ["LK034"]


def test_a_commit_that_is_not_there_is_wrong_usage(place: Path) -> None:
    (place / "a.sql").write_text(BAD)
    done = subprocess.run(
        [sys.executable, "-m", "dsvault", "lint", "a.sql", "--diff", "nothing"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "git cannot give" in done.stderr


def test_without_a_path_the_project_is_read() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dsvault", "lint", "--json", "--select", "LK023"],
        capture_output=True,
        text=True,
        check=False,
    )
    # The working folder has no project: then it is our own.
    assert json.loads(done.stdout)["files"] > 150


def test_the_rules_are_listed_with_what_is_on() -> None:
    lines = lint("--list").stdout.splitlines()
    assert any(line.startswith("+ LK001  error    CREATE INDEX") for line in lines)
    assert any(line.startswith("  RV010  info ") for line in lines)


def test_help_imports_no_parser() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from dsvault.cli import cli\n"
        "assert CliRunner().invoke(cli, ['lint', '--help']).exit_code == 0\n"
        "heavy = {'pglast.parser', 'psycopg.pq', 'dsvault.lint.rules'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ('index = ".*_idx"', "nothing found"),
        ('index = "ix_.*"', "index notes_idx does not fit ix_.*"),
        ('index = "ix_("', "the pattern of index is none: ix_("),
        ('cow = "x"', "names cannot be said for cow"),
    ],
)
def test_names_follow_the_patterns_of_the_settings(place: Path, names: str, message: str) -> None:
    script = "CREATE TABLE notes (id bigint PRIMARY KEY);\nCREATE INDEX notes_idx ON notes (id);\n"
    (place / "a.sql").write_text(script)
    (place / "pyproject.toml").write_text(f"[tool.dsvault.lint]\nnames = {{ {names} }}\n")
    try:
        text = lint("--select", "DS033", "a.sql").output
    except LintConfigError as error:
        text = str(error)
    assert message in text
