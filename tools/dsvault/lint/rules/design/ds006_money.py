from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.column_types import ColumnTypeRule
from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim

if TYPE_CHECKING:
    from dsvault.lint.catalog import Column, Table


class Money(ColumnTypeRule):
    """The type money.

    Why: its currency and its decimals are those of the server's setting, which may change.
    When not: the type is numeric.
    Instead: numeric(…, …), and a column for the currency.
    """

    code = "DS006"
    classes = ("type-money",)
    severity = Severity.WARNING
    what = "its currency is a setting of the server"
    instead = "Use numeric, and a column for the currency."
    bad = "CREATE TABLE sales (id bigint PRIMARY KEY, paid money);\n"
    good = "CREATE TABLE sales (id bigint PRIMARY KEY, paid numeric(12, 2));\n"
    claim = Claim(
        shows="SELECT bool_or(atttypid = 'money'::regtype) FROM pg_attribute "
        "WHERE attrelid = 'sales'::regclass"
    )

    def is_wrong(self, table: Table, column: Column) -> bool:  # noqa: ARG002
        """Say whether it is the type."""
        return column.type.rstrip("[]") == "money"
