"""The packages of the key services: where they are missing, the tests that need them say so."""

from __future__ import annotations

import importlib
import os
from typing import Any

import pytest

REQUIRED = os.environ.get("DSVAULT_REQUIRE_EXTRAS") == "1"


def need(*names: str) -> Any:
    """Import packages, or skip the module; return the first one. CI makes a skip a failure."""
    try:
        found = [importlib.import_module(name) for name in names]
    except ModuleNotFoundError as error:
        reason = f"{error.name} is not installed; tools/requirements/extras.txt holds it"
        if REQUIRED:
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason, allow_module_level=True)
    return found[0]
