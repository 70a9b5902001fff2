"""The first run: what it installs, where, what it says, and when it is done again."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.launcher.checkouts import (
    PYTHON,
    ROOT,
    Checkout,
    make_fruit,
    make_wheel,
    read_only,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_first_run_says_what_it_does_on_stderr(first_run: tuple[Checkout, str, str]) -> None:
    checkout, out, err = first_run
    lines = err.splitlines()

    assert out.startswith("{")
    assert lines[0] == f"dsvault: installing what it needs, once, in {checkout.run_layer}"
    assert lines[1].startswith("  virtual environment, Python 3.")
    assert lines[2].startswith("  fetching tools/requirements/run.txt .")
    assert lines[3].startswith("  installing 1 packages ")
    assert lines[4].startswith("dsvault: ready after ")
    assert all(line.endswith(" s") for line in lines[1:4])


def test_stamp_holds_the_checkout_and_the_lock(first_run: tuple[Checkout, str, str]) -> None:
    checkout = first_run[0]
    lock = (checkout.root / "tools" / "requirements" / "run.txt").read_bytes()

    stamp = (checkout.run_layer / "dsvault-stamp").read_bytes()

    assert stamp == os.fsencode(checkout.root) + b"\n" + lock


def test_environment_is_ignored_by_git() -> None:
    done = subprocess.run(
        ["git", "-c", "safe.directory=*", "check-ignore", ".dsvault/x"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == ".dsvault/x\n", done.stderr


def test_a_venv_made_by_hand_is_left_alone(installed: Checkout) -> None:
    mine = installed.root / ".venv" / "mine"
    mine.parent.mkdir()
    mine.write_text("mine")
    shutil.rmtree(installed.test_layer, ignore_errors=True)

    assert installed.run("test").code == 0
    assert [path.name for path in mine.parent.iterdir()] == ["mine"]


def test_a_changed_lock_replaces_the_layer(installed: Checkout) -> None:
    assert installed.run("test").code == 0
    cherry = make_fruit(installed.wheels, "cherry", "1")
    lock = installed.root / "tools" / "requirements" / "test.txt"
    lines = lock.read_text().replace("berry==1 ", "cherry==1 ").splitlines(keepends=True)
    lines[3] = cherry.splitlines(keepends=True)[1]
    lock.write_text("".join(lines))

    ran = installed.run("test")

    assert ran.told["packages"] == {"apple": "1", "cherry": "1"}
    assert "replacing the one that is there: the lock has changed" in ran.err


def test_a_moved_checkout_is_installed_anew(installed: Checkout, tmp_path: Path) -> None:
    old = installed.root
    installed.root = tmp_path / "moved"
    old.rename(installed.root)

    ran = installed.run()

    assert f"replacing the one that is there: the checkout was {old} then" in ran.err
    assert ran.told["prefix"] == str(installed.run_layer)
    assert ran.told["file"] == str(installed.root / "tools" / "dsvault" / "__main__.py")


def test_a_vanished_python_is_replaced(installed: Checkout) -> None:
    assert installed.run("test").code == 0
    python = installed.test_layer / "bin" / "python"
    python.unlink()
    python.symlink_to(installed.home / "gone")

    ran = installed.run("test")

    assert "the Python it was made with is gone" in ran.err
    assert ran.told["packages"] == {"apple": "1", "berry": "1"}


def test_pips_other_settings_have_no_effect(installed: Checkout, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    configuration = tmp_path / "pip.conf"
    configuration.write_text(
        f"[install]\nuser = true\ntarget = {elsewhere}\nprefix = {elsewhere}\nroot = {elsewhere}\n"
    )

    ran = installed.run(
        "test",
        PIP_CONFIG_FILE=str(configuration),
        PIP_TARGET=str(elsewhere),
        PIP_PREFIX=str(elsewhere),
        PIP_ROOT=str(elsewhere),
        PIP_USER="1",
        PIP_CONSTRAINT=str(tmp_path / "missing.txt"),
        PIP_REQUIREMENT=str(tmp_path / "missing.txt"),
        PIP_NO_BINARY=":all:",
        PIP_DRY_RUN="1",
        PYTHONUSERBASE=str(elsewhere),
    )

    assert ran.told["packages"] == {"apple": "1", "berry": "1"}
    assert not elsewhere.exists()


def test_pips_index_settings_are_respected(installed: Checkout) -> None:
    """The wheels are found through PIP_FIND_LINKS alone: without it nothing can be installed."""
    assert installed.run("test", PIP_FIND_LINKS="").code == 2
    assert installed.run("test").code == 0


def test_read_only_checkout_uses_the_users_cache(fresh: Checkout) -> None:
    command = read_only(fresh)

    first = fresh.run(command=command)
    second = fresh.run(command=command)

    assert first.told["packages"] == {"apple": "1"}
    assert first.told["prefix"].startswith(str(fresh.cache))
    assert second.told["prefix"] == first.told["prefix"]
    assert second.err == ""


def test_an_installed_read_only_checkout_is_used_as_it_is(installed: Checkout) -> None:
    ran = installed.run(command=read_only(installed))

    assert ran.told["prefix"] == str(installed.run_layer)
    assert ran.err == ""


def test_without_a_place_to_install_both_places_are_named(fresh: Checkout) -> None:
    for place in (fresh.state, fresh.home / ".cache"):
        place.write_text("a file where a folder should be")

    ran = fresh.run()

    assert ran.code == 2
    assert ran.err.splitlines() == [
        "dsvault: there is no place for the private Python environment",
        f"  found: {fresh.state}: File exists",
        f"         {next(line for line in ran.err.splitlines() if '.cache' in line).strip()}",
        "  do:    make one of these folders writable, or set XDG_CACHE_HOME to one that is",
    ]


@pytest.mark.parametrize("layer", ["run", "test"])
def test_a_missing_lock_is_an_incomplete_checkout(installed: Checkout, layer: str) -> None:
    lock = installed.root / "tools" / "requirements" / f"{layer}.txt"
    lock.unlink()

    ran = installed.run(*(["test"] if layer == "test" else []))

    assert ran.code == 2
    assert "the checkout is incomplete" in ran.err
    assert str(lock) in ran.err


def test_real_locks_hold_wheels_with_hashes_only() -> None:
    """What the launcher asks of pip: the flags stand in its code, not in a caller's settings."""
    source = (ROOT / "tools" / "launcher" / "install.py").read_text()

    assert '"--require-hashes", "--only-binary", ":all:"' in source


def test_a_source_package_is_refused(installed: Checkout) -> None:
    source = installed.wheels / "date-1.tar.gz"
    shutil.copy(installed.wheels / "berry-1-py3-none-any.whl", source)
    lock = installed.root / "tools" / "requirements" / "test.txt"
    lock.write_text(lock.read_text() + f"date==1 \\\n    --hash=sha256:{'0' * 64}\n")

    ran = installed.run("test")

    assert ran.code == 2
    assert "No matching distribution found for date==1" in ran.err


def test_a_package_without_a_hash_is_refused(installed: Checkout) -> None:
    make_wheel(installed.wheels, "date", "1", {"date/__init__.py": ""})
    lock = installed.root / "tools" / "requirements" / "test.txt"
    lock.write_text(lock.read_text() + "date==1\n")

    ran = installed.run("test")

    assert ran.code == 2
    assert "date==1" in ran.err
    assert not installed.test_layer.exists()


def test_python_with_other_version_gets_its_own_environment(installed: Checkout) -> None:
    """A second Python must not disturb the first one's packages."""
    tell = """
import sys
sys.path.insert(0, sys.argv[1])
from launcher.environment import Environment
sys.version_info = (3, 99, 0)
print(Environment("/r", "/s", "run").folder)
"""

    done = subprocess.run(
        [PYTHON, "-c", tell, installed.root / "tools"], capture_output=True, text=True, check=True
    )

    assert done.stdout == f"/s/python3.99-{os.uname().machine}-run\n"
