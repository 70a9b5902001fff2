"""The launcher becomes the program that it starts: arguments, streams, folder, signals, code."""

from __future__ import annotations

import os
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.launcher.checkouts import PYTHON, ROOT, Checkout

if TYPE_CHECKING:
    from pathlib import Path


def test_arguments_arrive_byte_by_byte(installed: Checkout) -> None:
    arguments = [b"", b"two words", "ü".encode(), b"\xff\xfe", b"--help", b"a\nb", b"$HOME"]

    assert installed.run(*arguments).arguments == arguments


@pytest.mark.parametrize("code", [0, 1, 2, 77])
def test_exit_code_is_the_toolkits(installed: Checkout, code: int) -> None:
    assert installed.run(EXIT_CODE=str(code)).code == code


def test_standard_input_reaches_the_toolkit(installed: Checkout) -> None:
    assert installed.run(stdin="SELECT 1;\n").told["input"] == "SELECT 1;\n"


def test_a_later_run_adds_nothing_to_the_output(installed: Checkout) -> None:
    ran = installed.run()

    assert ran.out.count("\n") == 1
    assert ran.err == ""


def test_toolkit_works_in_the_callers_folder(installed: Checkout, tmp_path: Path) -> None:
    folder = tmp_path / "some where"
    folder.mkdir()

    assert installed.run(cwd=folder).told["folder"] == str(folder)


def test_launcher_is_executable_and_finds_python3(installed: Checkout, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python3").symlink_to(PYTHON)
    path = f"{tmp_path / 'bin'}:/usr/bin:/bin"

    assert installed.run("x", command=(installed.launcher,), PATH=path).arguments == [b"x"]


def test_launcher_works_through_a_symbolic_link(installed: Checkout, tmp_path: Path) -> None:
    link = tmp_path / "dsv"
    link.symlink_to(installed.launcher)

    told = installed.run(command=(PYTHON, link)).told

    assert told["file"] == str(installed.root / "tools" / "dsvault" / "__main__.py")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_signals_go_to_the_toolkit_itself(installed: Checkout, number: signal.Signals) -> None:
    process = installed.start("sleep")
    assert process.stdout is not None
    toolkit = int(process.stdout.readline())

    process.send_signal(number)
    process.communicate(timeout=60)

    assert toolkit == process.pid
    assert process.returncode == -number


def test_packages_come_from_the_private_environment(installed: Checkout) -> None:
    told = installed.run().told

    assert told["prefix"] == str(installed.run_layer)
    assert told["packages"] == {"apple": "1"}


def test_modules_in_the_callers_folder_do_not_shadow_ours(
    installed: Checkout, tmp_path: Path
) -> None:
    for name in ("apple.py", "dsvault.py", "json.py"):
        (tmp_path / name).write_text("raise SystemExit('shadowed')")

    assert installed.run(cwd=tmp_path).told["packages"] == {"apple": "1"}


def test_callers_python_settings_do_not_lead_astray(installed: Checkout, tmp_path: Path) -> None:
    for name in ("apple.py", "dsvault.py"):
        (tmp_path / name).write_text("raise SystemExit('shadowed')")
    base = subprocess.check_output(
        [PYTHON, "-I", "-c", "import sys; print(sys.prefix)"], text=True
    ).strip()

    told = installed.run(
        PYTHONPATH=str(tmp_path), PYTHONHOME=base, VIRTUAL_ENV=str(tmp_path), PYTHONUTF8="1"
    ).told

    assert told["prefix"] == str(installed.run_layer)
    assert told["packages"] == {"apple": "1"}
    assert told["environ"] == {"PYTHONUTF8": "1"}


def test_modules_are_compiled_once_though_nothing_may_lie_beside_them(installed: Checkout) -> None:
    bytecode = installed.run_layer / "bytecode"
    before = set(installed.root.joinpath("tools").rglob("*.pyc"))

    told = installed.run(PYTHONDONTWRITEBYTECODE="1").told

    assert told["environ"]["PYTHONPYCACHEPREFIX"] == str(bytecode)
    assert [path.name for path in bytecode.rglob("apple/*.pyc")]
    assert set(installed.root.joinpath("tools").rglob("*.pyc")) == before


def test_a_callers_own_place_for_byte_code_is_kept(installed: Checkout, tmp_path: Path) -> None:
    own = str(tmp_path / "compiled")

    told = installed.run(PYTHONDONTWRITEBYTECODE="1", PYTHONPYCACHEPREFIX=own).told

    assert told["environ"] == {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": own}


def test_an_ascii_locale_is_no_obstacle(installed: Checkout) -> None:
    assert installed.run("ü", LC_ALL="C", PYTHONCOERCECLOCALE="0").arguments == ["ü".encode()]


def test_a_later_run_imports_nothing_slow() -> None:
    """What makes a start quick, measured in modules: wall time differs from machine to machine."""
    tell = """
import os, sys
os.execve = lambda *_: print(*sys.modules)
before = set(sys.modules)
sys.path.insert(0, sys.argv[1])
import launcher
launcher.Environment.is_ready = lambda _: True
launcher.main(os.path.dirname(sys.argv[1]), [])
print(*sorted(set(sys.modules) - before))
"""
    done = subprocess.run(
        [PYTHON, "-I", "-S", "-c", tell, ROOT / "tools"],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.environ["PATH"]},
    )

    assert done.stdout.splitlines()[-1].split() == [
        "__future__",
        "launcher",
        "launcher.environment",
    ]
