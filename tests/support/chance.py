"""Chance in tests: how much of it, and a seed that is printed and can be given again."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

_SEED = pytest.StashKey[int]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--steps",
        type=int,
        default=2000,
        metavar="N",
        help="how many random operations are compared with the model of isolation",
    )
    parser.addoption(
        "--replay",
        type=Path,
        metavar="FILE",
        help="do the steps in this file instead: those that a failure printed",
    )
    parser.addoption(
        "--shorten-for",
        type=float,
        default=60,
        metavar="SECONDS",
        help="how long fewer steps are looked for that fail as well",
    )


@pytest.hookimpl(tryfirst=True)  # Hypothesis reads its option next
def pytest_configure(config: pytest.Config) -> None:
    # Every run draws anew, in CI as well; what it drew depends on the seed alone, not on the time
    # that anything takes, nor on what earlier runs drew.
    settings.register_profile(
        "dsvault",
        derandomize=False,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile("dsvault")
    given = str(config.getoption("--hypothesis-seed", None) or "")
    number = int(given) if given.isdecimal() else random.SystemRandom().getrandbits(32)
    config.option.hypothesis_seed = str(number)
    config.stash[_SEED] = number


def pytest_report_header(config: pytest.Config) -> str:
    return f"drawn by lot: --hypothesis-seed={config.stash[_SEED]} draws the same again"


@pytest.fixture(scope="session")
def chance(request: pytest.FixtureRequest) -> int:
    """The seed of this run's random operations; the report's header says it."""
    return request.config.stash[_SEED]
