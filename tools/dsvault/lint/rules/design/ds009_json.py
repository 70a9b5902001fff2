from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.column_types import ColumnTypeRule
from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim

if TYPE_CHECKING:
    from dsvault.lint.catalog import Column, Table


class Json(ColumnTypeRule):
    """The type json.

    Why: it has no equality, so DISTINCT, GROUP BY and indexes fail, and it is read anew each time.
    When not: jsonb.
    Instead: jsonb.
    """

    code = "DS009"
    classes = ("type-json",)
    severity = Severity.WARNING
    what = "it has no equality and no index"
    instead = "Use jsonb."
    bad = (
        "CREATE TABLE notes (id bigint PRIMARY KEY, body json);\nSELECT DISTINCT body FROM notes;\n"
    )
    good = (
        "CREATE TABLE notes (id bigint PRIMARY KEY, body jsonb);\n"
        "SELECT DISTINCT body FROM notes;\n"
    )
    claim = Claim(fails="42883")

    def is_wrong(self, table: Table, column: Column) -> bool:  # noqa: ARG002
        """Say whether it is the type."""
        return column.type.rstrip("[]") == "json"
