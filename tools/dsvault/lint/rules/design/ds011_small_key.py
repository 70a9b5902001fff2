from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.column_types import ColumnTypeRule
from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim
from dsvault.lint.tree import calls_in

if TYPE_CHECKING:
    from dsvault.lint.catalog import Column, Table


class SmallKey(ColumnTypeRule):
    """Counted key of 32 bits or less.

    Why: it ends at 2,147,483,647, numbers of failed inserts included; widening it rewrites the
    table and all that refer to it.
    When not: the key is not counted, such as a code that people chose.
    Instead: bigint.
    """

    code = "DS011"
    classes = ("pk-int4",)
    severity = Severity.WARNING
    what = "it ends at 2,147,483,647, and widening it rewrites the table"
    instead = "Use bigint."
    bad = "CREATE TABLE notes (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY);\n"
    good = "CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);\n"
    claim = Claim(
        shows="SELECT bool_or(atttypid = 'int4'::regtype) FROM pg_attribute "
        "WHERE attrelid = 'notes'::regclass AND attnum = 1"
    )

    def is_wrong(self, table: Table, column: Column) -> bool:
        """Say whether it is a counted key of few bits."""
        key = table.primary_key
        if key is None or column.name not in key.columns:
            return False
        is_counted = column.is_serial or column.is_identity
        is_counted |= any(name == "nextval" for name, _ in calls_in(column.default))
        is_plain = column.name == "id" and key.columns == ("id",) and column.type == "integer"
        return column.type in {"integer", "smallint"} and (is_counted or is_plain)
