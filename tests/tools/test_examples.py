"""Examples in docstrings are true."""

from __future__ import annotations

import doctest
import importlib
from typing import TYPE_CHECKING

import pytest

from dsvault.paths import project_root

if TYPE_CHECKING:
    from pathlib import Path

TOOLS = project_root() / "tools"
MODULES = [
    path
    for path in sorted((TOOLS / "dsvault").rglob("*.py"))
    if ">>>" in path.read_text(encoding="utf-8")
]


def name_of(path: Path) -> str:
    parts = path.relative_to(TOOLS).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("name", [name_of(path) for path in MODULES])
def test_examples_do_what_they_say(name: str) -> None:
    failed, tried = doctest.testmod(importlib.import_module(name))
    assert tried
    assert failed == 0
