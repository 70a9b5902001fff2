"""What the runner's tests share: a clean environment, a project, a database and a look into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.runner.toys import COMMITTER, Toy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import psycopg
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
