"""What the runner's tests share: a clean environment, a project, a database and a look into it."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.runner.toys import COMMITTER, Toy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import psycopg
    from tests.support.cluster import Cluster
    from tests.support.database import Database


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings of the machine or its user reach a test."""
    for name in ("DSVAULT_TARGET", "DATABASE_URL", "SQITCH_TARGET", "NO_COLOR", "PGOPTIONS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in COMMITTER.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SQITCH_USER_CONFIG", str(tmp_path / "none"))
    monkeypatch.setenv("SQITCH_SYSTEM_CONFIG", str(tmp_path / "none"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("TZ", "UTC")


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Toy:
    """An empty project, which is the working folder."""
    project = Toy(tmp_path / "toy")
    monkeypatch.chdir(project.folder)
    return project


@pytest.fixture
def uri(empty_database: Database, monkeypatch: pytest.MonkeyPatch) -> str:
    """The deployer's URI of an empty database, which is also the default target."""
    monkeypatch.setenv("DSVAULT_TARGET", empty_database.url)
    return empty_database.url


@pytest.fixture
def db(empty_database: Database, uri: str) -> Iterator[psycopg.Connection]:
    """A superuser's connection to the same database, in autocommit."""
    with empty_database.connect(superuser=True, autocommit=True) as connection:
        yield connection


@pytest.fixture
def dump(server: Cluster) -> Callable[[Database], str]:
    """A function that dumps the definition of a database's registry."""
    program = server.bin_dir / "pg_dump" if server.bin_dir else "pg_dump"

    def run(database: Database) -> str:
        words = [program, "--schema=sqitch", "--schema-only", "--no-owner", database.superuser_url]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        # These lines hold a random word.
        lines = [line for line in done.stdout.splitlines() if "restrict " not in line]
        return "\n".join(lines)

    return run
