from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.column_types import ColumnTypeRule
from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim

if TYPE_CHECKING:
    from dsvault.lint.catalog import Column, Table


class Char(ColumnTypeRule):
    """char(n).

    Why: it is filled up with blanks, which some comparisons see and others do not.
    When not: varchar or text.
    Instead: text with CHECK (length(x) = n).
    """

    code = "DS008"
    classes = ("type-char",)
    severity = Severity.WARNING
    what = "it is filled up with blanks"
    instead = "Use text with a CHECK of its length."
    bad = "CREATE TABLE places (id bigint PRIMARY KEY, code char(5));\n"
    good = "CREATE TABLE places (id bigint PRIMARY KEY, code text CHECK (length(code) = 5));\n"
    claim = Claim(
        shows="SELECT bool_or(atttypid = 'bpchar'::regtype) FROM pg_attribute "
        "WHERE attrelid = 'places'::regclass"
    )

    def is_wrong(self, table: Table, column: Column) -> bool:  # noqa: ARG002
        """Say whether it is the type."""
        return column.type.rstrip("[]").split("(")[0] == "character"
