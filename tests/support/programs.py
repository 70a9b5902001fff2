"""Programs that some tests need and a machine may lack: skipped with the reason, or a failure.

Where DSVAULT_REQUIRE_NAME=1 is set, as CI does, a test that lacks the program fails.
"""

from __future__ import annotations

import os
import shutil
from typing import NamedTuple

import pytest


class Ran(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


def require(name: str, lack: str | None) -> None:
    """Skip the test if something is lacking, or fail if it must not be skipped."""
    if lack is None:
        return
    variable = f"DSVAULT_REQUIRE_{name.upper()}"
    if os.environ.get(variable) == "1":
        pytest.fail(f"{lack}; {variable}=1 forbids to skip", pytrace=False)
    pytest.skip(lack)


def lack_of_pgbouncer() -> str | None:
    """Return why tests that need PgBouncer cannot run here, or None if they can."""
    if find_pgbouncer() is None:
        return "needs PgBouncer: install the Debian package pgbouncer"
    return None


def find_pgbouncer() -> str | None:
    """Return PgBouncer's path; Debian puts it where an ordinary user does not look."""
    return shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def lack_of_pgrls() -> str | None:
    """Return why tests that need pgrls cannot run here, or None if they can."""
    if not os.environ.get("DSVAULT_PGRLS"):
        return "needs pgrls: run `bash .ci/run pgrls`, or name the program in DSVAULT_PGRLS"
    return None


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip or fail a test that needs a program where there is none."""
    for name, lack_of in (("pgbouncer", lack_of_pgbouncer), ("pgrls", lack_of_pgrls)):
        if item.get_closest_marker(name):
            require(name, lack_of())
