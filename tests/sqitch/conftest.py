"""What comparisons with real Sqitch share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.runner.conftest import db, toy, uri
from tests.sqitch.twins import Twins, environment
from tests.support.database import new_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.cluster import Cluster
    from tests.support.database import Deployer
    from tests.support.sqitch import Sqitch


__all__ = ["db", "toy", "uri"]  # fixtures of the runner's tests


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings of the machine or its user reach a test."""
    for name in ("DSVAULT_TARGET", "DATABASE_URL", "SQITCH_TARGET", "NO_COLOR", "PGOPTIONS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment().items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def deployed_twins(
    real_sqitch: Sqitch, tmp_path: Path, server: Cluster, deployer: Deployer
) -> Iterator[Twins]:
    """Two empty folders, each with a database of its own as the default target."""
    with new_database(server, deployer) as one, new_database(server, deployer) as two:
        yield Twins(tmp_path / "mine", tmp_path / "theirs", real_sqitch, (one, two))


@pytest.fixture
def twins(real_sqitch: Sqitch, tmp_path: Path) -> Twins:
    """Two empty folders."""
    return Twins(tmp_path / "mine", tmp_path / "theirs", real_sqitch)
