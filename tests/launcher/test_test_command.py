"""`./dsvault test` adds the tests' packages in a layer of their own and becomes pytest."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from tests.launcher.checkouts import Checkout, read_only

from launcher.environment import Environment

if TYPE_CHECKING:
    from pathlib import Path


def test_first_use_adds_a_layer_and_later_ones_do_not(installed: Checkout) -> None:
    first = installed.run("test", "-k", "some thing")
    second = installed.run("test")

    assert first.told["program"] == "pytest"
    assert first.arguments == [b"-k", b"some thing"]
    assert first.told["prefix"] == str(installed.test_layer)
    assert "installing 2 packages" in first.err
    assert second.told["packages"] == {"apple": "1", "berry": "1"}
    assert second.err == ""


def test_the_layer_repeats_nothing_of_its_base(installed: Checkout) -> None:
    assert installed.run("test").code == 0

    packages = next(installed.test_layer.glob("lib/python*/site-packages"))

    assert {path.name for path in packages.glob("*.dist-info")} == {
        "berry-1.dist-info",
        "pytest-1.dist-info",
    }


def test_tests_run_from_the_checkouts_root(installed: Checkout, tmp_path: Path) -> None:
    assert installed.run("test", cwd=tmp_path).told["folder"] == str(installed.root)


def test_a_servers_folder_is_no_folder_of_tests(installed: Checkout) -> None:
    ran = installed.run("test", "--pg", "/usr/lib", "-x", "--pg=16", "tests/a", "--pg")

    assert ran.arguments == [b"--pg=/usr/lib", b"-x", b"--pg=16", b"tests/a", b"--pg"]


def test_toolkit_does_not_see_the_tests_packages(installed: Checkout) -> None:
    assert installed.run("test").code == 0

    assert installed.run().told["packages"] == {"apple": "1"}


def test_only_the_first_argument_means_the_tests(installed: Checkout) -> None:
    assert installed.run("plan", "test").told["program"] == "dsvault"


def test_programs_of_the_layer_are_linked_where_editors_look(installed: Checkout) -> None:
    assert installed.run("test").code == 0
    tell = "import apple, berry, dsvault; print(apple.VERSION, dsvault.__path__[0])"

    done = subprocess.run(
        [installed.state / "test" / "bin" / "python", "-c", tell],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == f"1 {installed.root}/tools/dsvault\n"


def test_a_failed_layer_leaves_the_toolkit_in_working_order(installed: Checkout) -> None:
    (installed.wheels / "berry-1-py3-none-any.whl").unlink()

    assert installed.run("test").code == 2
    assert not installed.test_layer.exists()
    assert installed.run().told["packages"] == {"apple": "1"}


def test_a_layer_without_its_base_is_not_ready(installed: Checkout) -> None:
    assert installed.run("test").code == 0
    layer = Environment(str(installed.root), str(installed.state), "test")
    assert layer.is_ready()

    (installed.run_layer / "dsvault-stamp").unlink()

    assert not layer.is_ready()


def test_scratch_files_leave_a_read_only_checkout_alone(installed: Checkout) -> None:
    assert installed.run("test").code == 0

    ran = installed.run("test", "-x", command=read_only(installed))

    assert ran.arguments[0] == b"-o"
    assert ran.arguments[1].startswith(b"cache_dir=" + os.fsencode(installed.home))
    assert ran.arguments[2:] == [b"-x"]
    assert ran.told["environ"]["HYPOTHESIS_STORAGE_DIRECTORY"].startswith(str(installed.home))


def test_scratch_files_stay_in_a_checkout_that_can_be_written(installed: Checkout) -> None:
    assert installed.run("test", "-x").arguments == [b"-x"]
