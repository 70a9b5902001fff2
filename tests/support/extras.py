"""Packages that only extras of ours bring: tests marked packages("pyarrow") need them.

They are skipped where one is missing; with DSVAULT_REQUIRE_EXTRAS=1 they fail instead.
"""

from __future__ import annotations

import os
from importlib.util import find_spec

import pytest


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip or fail a test that needs a package where it is not installed."""
    for marker in item.iter_markers("packages"):
        missing = [name for name in marker.args if not is_there(name)]
        if not missing:
            continue
        lack = f"needs the packages {', '.join(missing)}: pip install the extras of pyproject.toml"
        if os.environ.get("DSVAULT_REQUIRE_EXTRAS") == "1":
            pytest.fail(f"{lack}; DSVAULT_REQUIRE_EXTRAS=1 forbids to skip", pytrace=False)
        pytest.skip(lack)


def is_there(name: str) -> bool:
    """Say whether a module of this dotted name can be imported."""
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False
