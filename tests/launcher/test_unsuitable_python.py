"""A Python that is too old, or cannot make virtual environments, gets a message."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest
from tests.launcher.checkouts import PYTHON, ROOT, Checkout, Ran

if TYPE_CHECKING:
    from pathlib import Path

PRETEND = """\
#!/bin/sh
exec {python} -c '
import runpy, sys
{change}
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
' "$@"
"""


def run_with(checkout: Checkout, tmp_path: Path, change: str, *also: str) -> Ran:
    """Run the launcher where `python3` is the Python of these tests after `change`."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "python3").write_text(PRETEND.format(python=PYTHON, change=change))
    for name in also:
        (programs / name).write_text("#!/bin/sh\n")
    for program in programs.iterdir():
        program.chmod(0o755)
    for tool in ("env", "sh"):
        (programs / tool).symlink_to(f"/usr/bin/{tool}")
    return checkout.run("demo", command=(checkout.launcher,), PATH=str(programs))


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 9, 2), (3, 10, 19)])
def test_an_old_python_is_told_what_is_needed(
    fresh: Checkout, tmp_path: Path, version: tuple[int, int, int]
) -> None:
    ran = run_with(fresh, tmp_path, f"sys.version_info = {version}")

    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.splitlines()[0] == "dsvault: Python 3.11 or newer is needed"
    assert ran.err.splitlines()[2].startswith("  do:    install a newer Python")
    assert not fresh.state.exists()


def test_an_old_python_names_a_newer_one_on_the_path(fresh: Checkout, tmp_path: Path) -> None:
    ran = run_with(fresh, tmp_path, "sys.version_info = (3, 10, 1)", "python3.11", "python3.13")

    assert ran.err.splitlines()[2] == f"  do:    run it as: python3.13 {fresh.launcher} ..."


def test_launcher_has_the_syntax_of_python_3_6() -> None:
    source = (ROOT / "dsvault").read_text()

    ast.parse(source, feature_version=(3, 6))
    assert "from __future__" not in source


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv_names_the_package(
    fresh: Checkout, tmp_path: Path, module: str
) -> None:
    ran = run_with(fresh, tmp_path, f'sys.modules["{module}"] = None')

    assert ran.code == 2
    assert ran.err.splitlines()[0] == "dsvault: this Python cannot make a virtual environment"
    assert f"has no module {module}" in ran.err
    assert "apt install python3-venv" in ran.err
    assert not fresh.state.exists()


def test_an_installed_checkout_needs_neither(installed: Checkout, tmp_path: Path) -> None:
    ran = run_with(installed, tmp_path, 'sys.modules["venv"] = sys.modules["ensurepip"] = None')

    assert ran.arguments == [b"demo"]
