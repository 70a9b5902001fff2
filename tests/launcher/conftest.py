"""Checkouts for the launcher's tests: one is installed for all of them, each test gets a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.launcher.checkouts import Checkout, copy_checkout, make_checkout

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Checkout, str, str]:
    """Return a checkout after its first run, and what that run wrote to stdout and stderr."""
    checkout = make_checkout(tmp_path_factory.mktemp("launcher"))
    ran = checkout.run()
    assert ran.code == 0, ran.err
    return checkout, ran.out, ran.err


@pytest.fixture
def fresh(tmp_path: Path) -> Checkout:
    """Return a checkout that was never run."""
    return make_checkout(tmp_path)


@pytest.fixture
def installed(first_run: tuple[Checkout, str, str], tmp_path: Path) -> Checkout:
    """Return a checkout whose toolkit is installed, its tests' packages not yet."""
    return copy_checkout(first_run[0], tmp_path)
