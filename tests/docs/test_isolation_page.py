"""The page sql/isolation.md names every limit that a test shows, and only tests that exist."""

from __future__ import annotations

import ast
import re

from dsvault.paths import project_root

ROOT = project_root()
PAGE = (ROOT / "sql" / "isolation.md").read_text(encoding="utf-8")


def functions(path: str) -> set[str]:
    """Return the names of a file's functions and methods."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_way_around_names_a_test_that_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE)
    assert len(named) > 25
    assert [path for path, _ in named if not (ROOT / path).is_file()] == []
    assert [name for path, name in named if name and name not in functions(path)] == []


def test_every_row_of_the_table_names_a_test() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 12
    assert [row for row in rows if "`tests/" not in row] == []


def test_every_known_limit_is_explained_and_shown() -> None:
    shown = {
        name
        for path in ROOT.glob("tests/*/test_known_limits.py")
        for name in functions(str(path.relative_to(ROOT)))
        if name.startswith("test_known_limit_")
    }
    assert len(shown) > 20
    assert set(re.findall(r"`(test_known_limit_\w+)`", PAGE)) == shown
