from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.column_types import ColumnTypeRule
from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim

if TYPE_CHECKING:
    from dsvault.lint.catalog import Column, Table


class TimestampWithoutTimeZone(ColumnTypeRule):
    """timestamp without time zone.

    Why: it is no moment: what it means depends on where it was written.
    When not: the type is timestamptz.
    Instead: timestamptz.
    """

    code = "DS005"
    classes = ("timestamp-without-tz",)
    severity = Severity.WARNING
    what = "no moment, but a reading of some clock"
    instead = "Use timestamptz."
    bad = "CREATE TABLE notes (id bigint PRIMARY KEY, written timestamp);\n"
    good = "CREATE TABLE notes (id bigint PRIMARY KEY, written timestamptz);\n"
    claim = Claim(
        shows="SELECT bool_or(atttypid = 'timestamp'::regtype) FROM pg_attribute "
        "WHERE attrelid = 'notes'::regclass"
    )

    def is_wrong(self, table: Table, column: Column) -> bool:  # noqa: ARG002
        """Say whether it is such a type."""
        return column.type.startswith("timestamp") and "with time zone" not in column.type
