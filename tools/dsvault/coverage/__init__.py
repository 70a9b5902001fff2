"""The design document against the plan: where each object of the one lives in the other.

Pure: reads files, returns text, asks no server. `generate` makes the page sql/design/coverage.md,
and refuses if something of the document is neither in the plan nor in sql/design/corrections.toml.
"""

from __future__ import annotations

from dsvault.coverage.catalog import build_catalog, read_catalog
from dsvault.coverage.document import read_document
from dsvault.coverage.errors import CoverageError
from dsvault.coverage.files import DOCUMENT, PAGE, RULINGS, generate, read_rows
from dsvault.coverage.items import Item, Kind
from dsvault.coverage.match import Row, match
from dsvault.coverage.page import render
from dsvault.coverage.rulings import Reading, Status, read_rulings

__all__ = [
    "DOCUMENT",
    "PAGE",
    "RULINGS",
    "CoverageError",
    "Item",
    "Kind",
    "Reading",
    "Row",
    "Status",
    "build_catalog",
    "generate",
    "match",
    "read_catalog",
    "read_document",
    "read_rows",
    "read_rulings",
    "render",
]
