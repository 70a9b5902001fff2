"""The locks follow pyproject.toml, name no index, and hold a hash of every file.

The check needs neither uv nor a network; that it finds each fault is tested on copies.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / ".ci" / "lock.py"
RUN = "tools/requirements/run.txt"
TEST = "tools/requirements/test.txt"
EXTRAS = "tools/requirements/extras.txt"
ALL = ["run.txt", "test.txt", "extras.txt"]


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("lock_script", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of what the check reads."""
    for name in ("pyproject.toml", RUN, TEST, EXTRAS, ".ci/lock.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def problems(root: Path) -> list[str]:
    found: list[str] = load().problems(root)
    return found


def change(path: Path, old: str, new: str) -> None:
    """Replace one thing in a file, which must be there."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def block(path: Path, name: str) -> str:
    """Return the part of a lock that belongs to one package."""
    blocks = re.split(r"^(?=[a-z0-9])", path.read_text(), flags=re.MULTILINE)
    return next(part for part in blocks if part.startswith(f"{name}=="))


def test_locks_are_fresh() -> None:
    assert problems(ROOT) == []


def test_lock_command_is_told_in_the_locks_themselves() -> None:
    for name in (RUN, TEST):
        first = (ROOT / name).read_text().splitlines()[0]
        assert first == "# Made from pyproject.toml by: python3 .ci/lock.py"


@pytest.mark.parametrize(
    ("old", "new", "stale"),
    [
        (
            '  "rich>=13.7",',
            '  "rich>=13.7",\n  "httpx>=0.28",',
            ALL,
        ),
        ('  "rich>=13.7",\n', "", ALL),
        ('"rich>=13.7"', '"rich>=13.8"', ALL),
        (
            'requires-python = ">=3.11"',
            'requires-python = ">=3.12"',
            ALL,
        ),
        ('  "ruff>=0.8",', '  "ruff>=0.9",', ["test.txt", "extras.txt"]),
    ],
)
def test_a_changed_requirement_makes_its_locks_stale(
    copy: Path, old: str, new: str, stale: list[str]
) -> None:
    change(copy / "pyproject.toml", old, new)

    found = [line for line in problems(copy) if "has changed since" in line]

    assert found == [f"{lock}: pyproject.toml has changed since it was made" for lock in stale]


def test_other_changes_of_pyproject_leave_the_locks_fresh(copy: Path) -> None:
    change(copy / "pyproject.toml", "line-length = 100", "line-length = 99")

    assert problems(copy) == []


def test_a_missing_package_is_found_though_the_header_fits(copy: Path) -> None:
    for name in (RUN, TEST):
        path = copy / name
        change(path, block(path, "click"), "")

    assert problems(copy) == ["run.txt: click is missing", "test.txt: click is missing"]


def test_a_version_that_does_not_satisfy_is_found(copy: Path) -> None:
    for name in (RUN, TEST):
        version = block(copy / name, "pglast").split()[0]
        change(copy / name, f"{version} ", "pglast==9.1 ")

    assert problems(copy) == [
        "run.txt: pglast 9.1 does not satisfy <9,>=8.0",
        "test.txt: pglast 9.1 does not satisfy <9,>=8.0",
    ]


def test_tests_must_run_on_the_versions_that_users_get(copy: Path) -> None:
    version = block(copy / TEST, "click").split()[0].removeprefix("click==")
    change(copy / TEST, f"click=={version} ", "click==99 ")

    assert problems(copy) == [f"test.txt: click is ['99'], in run.txt it is ['{version}']"]


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://packages.example/simple",
        "--find-links /opt/wheels",
        "click",
        "click @ file:///tmp/click.whl",
    ],
)
def test_nothing_but_pinned_packages_may_stand_in_a_lock(copy: Path, line: str) -> None:
    change(copy / RUN, "click==", f"{line}\nclick==")

    assert f"run.txt: neither a pinned package nor its hash: {line}" in problems(copy)


def test_a_package_without_a_hash_is_found(copy: Path) -> None:
    part = block(copy / RUN, "rich")
    first = part.splitlines()[0]
    without = "".join(
        line for line in part.splitlines(keepends=True) if not line.strip().startswith("--hash")
    )
    change(copy / RUN, part, without)

    assert f"run.txt: no hash: {first}" in problems(copy)


@pytest.mark.parametrize(("stale", "code"), [(False, 0), (True, 1)])
def test_check_command_reports_by_exit_code(copy: Path, stale: bool, code: int) -> None:
    if stale:
        change(copy / "pyproject.toml", '"rich>=13.7"', '"rich>=13.8"')

    done = subprocess.run(
        [sys.executable, copy / ".ci" / "lock.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == code
    assert ("has changed since" in done.stderr) is stale
