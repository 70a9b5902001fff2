"""Where the inputs of the page are in a project, and the page made of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dsvault.coverage.catalog import read_catalog
from dsvault.coverage.document import read_document
from dsvault.coverage.match import match
from dsvault.coverage.page import render
from dsvault.coverage.rulings import read_rulings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dsvault.coverage.items import Item
    from dsvault.coverage.match import Row

PAGE = Path("sql/design/coverage.md")
DOCUMENT = Path("sql/design/03-database-schema.md")
RULINGS = Path("sql/design/corrections.toml")


def generate(root: Path) -> str:
    """Return the page of the project below root. No file is written.

    :raises CoverageError: something of the document is neither in the plan nor ruled.
    :raises dsvault.plan.PlanError: the plan is not valid.
    :raises OSError: a file is missing.
    """
    catalog = read_catalog(root)
    return render(_rows(root, catalog), catalog)


def read_rows(root: Path) -> list[Row]:
    """Return what the page of the project below root is made of; it raises as generate does."""
    return _rows(root, read_catalog(root))


def _rows(root: Path, catalog: Mapping[str, Item]) -> list[Row]:
    document = read_document((root / DOCUMENT).read_text())
    return match(document, catalog, read_rulings((root / RULINGS).read_text()))
