"""Imports go downward only: command line, operations, the rest."""

from __future__ import annotations

import ast
from functools import cache
from typing import TYPE_CHECKING

import pytest

from dsvault.paths import project_root

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGE = project_root() / "tools" / "dsvault"
MODULES = sorted(PACKAGE.rglob("*.py"))
# What speaks to a server, or to a person, and so may import psycopg or click.
CONNECTED = {"db.py", "dberrors.py", "pipeline.py", "pytest_plugin.py"}


def layer(module: Path) -> str:
    """Return cli, ops, or the name of the module or package below the package's root."""
    return module.relative_to(PACKAGE).parts[0]


@cache
def nodes(module: Path) -> list[ast.AST]:
    """Return all that stands in a module."""
    return list(ast.walk(ast.parse(module.read_text())))


def imports(module: Path) -> Iterator[str]:
    """Yield the full names of all modules that a module imports, wherever in it."""
    for node in nodes(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def calls(module: Path) -> Iterator[str]:
    """Yield the dotted names of what a module calls."""
    for node in nodes(module):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_what_is_below_it(module: Path) -> None:
    names = set(imports(module))
    own = {
        name.removeprefix("dsvault.").split(".")[0] for name in names if name.startswith("dsvault.")
    }
    if layer(module) not in {"cli", "__main__.py"}:
        assert "cli" not in own
        assert not any(name.split(".")[0] in {"click", "rich"} for name in names)
    if layer(module) not in {"cli", "ops", "__main__.py", "pytest_plugin.py", "testing"}:
        assert "ops" not in own


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_one_module_connects_and_only_the_command_line_prints(module: Path) -> None:
    called = set(calls(module))
    if module.name not in CONNECTED and layer(module) != "testing":
        assert "psycopg.connect" not in called
    if layer(module) != "cli":
        assert not called & {"print", "click.echo", "sys.stdout.write"}
