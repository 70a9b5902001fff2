"""The documents name what exists: tests, commands, folders, variables."""

from __future__ import annotations

import ast
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from dsvault.checks import read_checks
from dsvault.cli import COMMANDS
from dsvault.paths import project_root

if TYPE_CHECKING:
    from pathlib import Path

ROOT = project_root()
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("*/README.md"))]


# The tree is fixed: a stranger finds what he looks for.
TOP = {
    *("sql", "deploy", "revert", "verify", "tools", "tests", "sqitch.plan", "sqitch.conf"),
    *("pyproject.toml", "dsvault", "README.md", "CONTRIBUTING.md", "CHANGELOG.md"),
    *("LICENSE", "LICENSES"),
}

WORDS = {4: "four", 5: "five", 7: "seven", 8: "eight", 9: "nine", 10: "ten"}


def named_tests(text: str) -> list[str]:
    """Return every `tests/….py` or `tests/….py::name` that a text names."""
    return re.findall(r"`(tests/[\w/]+\.py(?:::\w+)?)`", text)


def is_there(name: str) -> bool:
    path, _, function = name.partition("::")
    if not (ROOT / path).is_file():
        return False
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return not function or function in functions


def test_every_guarantee_names_a_test_that_exists() -> None:
    table = README.split("## Guarantees", 1)[1].split("\n## ", 1)[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")]
    rows = [row for row in rows if row != "| guarantee | test |"]
    assert len(rows) > 10
    assert [row for row in rows if not named_tests(row)] == []
    assert [name for row in rows for name in named_tests(row) if not is_there(name)] == []


def test_nothing_lies_at_the_top_but_what_belongs_there() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("only git knows what is part of the project")
    done = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    tops = {name.split("/")[0] for name in done.stdout.split("\0") if name}
    assert {name for name in tops if not name.startswith(".")} == TOP


def test_a_name_that_no_test_has_is_noticed() -> None:
    assert is_there("tests/docs/test_readme.py::is_there")
    assert not is_there("tests/docs/test_readme.py::nobody")
    assert not is_there("tests/docs/nothing.py")


def test_limits_name_the_tests_that_show_them() -> None:
    limits = README.split("## Limits", 1)[1].split("\n## ", 1)[0]
    assert named_tests(limits)
    assert [name for name in named_tests(limits) if not is_there(name)] == []


def test_figures_are_those_of_the_project() -> None:
    changes, tools = ((ROOT / name).read_text() for name in ("CHANGELOG.md", "tools/README.md"))
    checks = len(read_checks(ROOT / "sql" / "checks"))
    assert f"by {checks} checks" in changes
    assert f"{checks} checks" in tools
    roles, schemas = (
        len(list((ROOT / "deploy" / kind).iterdir())) for kind in ("roles", "schemas")
    )
    assert f"{WORDS[roles]} roles, {WORDS[schemas]} schemas" in changes


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_explained(command: str) -> None:
    table = (ROOT / "tools" / "README.md").read_text().split("## Commands", 1)[1]
    assert f"`{command}`" in table.split("\n## ", 1)[0]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_into_the_project_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("folder", ["deploy", "revert", "verify", "sql", "tools", "tests"])
def test_every_folder_explains_itself(folder: str) -> None:
    assert (ROOT / folder / "README.md").is_file()
    assert f"]({folder}/README.md)" in README


def test_every_package_of_the_toolkit_has_its_layer() -> None:
    layers = (ROOT / "tools" / "README.md").read_text().split("## Layers", 1)[1]
    packages = {path.parent.name for path in (ROOT / "tools" / "dsvault").glob("*/__init__.py")}
    assert {name for name in packages if f"`{name}/`" not in layers.split("\n## ", 1)[0]} == set()


def test_every_variable_that_the_toolkit_reads_is_listed() -> None:
    read = {
        name
        for path in [*(ROOT / "tools").rglob("*.py"), ROOT / "dsvault"]
        for name in re.findall(r"\bDSVAULT_[A-Z_]+\b", path.read_text())
    }
    listed = (ROOT / "tools" / "README.md").read_text()
    assert [name for name in sorted(read) if name not in listed] == []
