from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.lint.column_types import ColumnTypeRule
from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim

if TYPE_CHECKING:
    from dsvault.lint.catalog import Column, Table

_AMOUNT = re.compile(
    r"(?:^|_)(?:amount|price|cost|balance|total|subtotal|fee|salary|payment|paid|revenue|tax|"
    r"discount|refund|vat|net|gross|surcharge|commission|turnover|earnings|premium|rent|due|charge|budget|wage|invoice|money|credit|debit|deposit)s?(?:_|$)"
)
_NO_AMOUNT = re.compile(r"ratio|rate|percent|pct|score|factor|count|second|_ms|weight|time|bytes")


class FloatAmount(ColumnTypeRule):
    """Amount of money in a floating-point column.

    Why: 0.1 has no exact form, and sums come out wrong by cents.
    When not: the number is measured, not counted.
    Instead: numeric(…, …), or bigint in the smallest unit.
    """

    code = "DS007"
    classes = ("type-float-money",)
    severity = Severity.WARNING
    what = "amounts come out wrong by cents"
    instead = "Use numeric, or bigint in the smallest unit."
    bad = "CREATE TABLE sales (id bigint PRIMARY KEY, price double precision);\n"
    good = "CREATE TABLE sales (id bigint PRIMARY KEY, price numeric(12, 2));\n"
    claim = Claim(
        shows="SELECT bool_or(atttypid = 'float8'::regtype) FROM pg_attribute "
        "WHERE attrelid = 'sales'::regclass"
    )

    def is_wrong(self, table: Table, column: Column) -> bool:  # noqa: ARG002
        """Say whether an amount is a floating-point number."""
        name = column.name.lower()
        is_float = column.type in {"real", "double precision"}
        return is_float and bool(_AMOUNT.search(name)) and not _NO_AMOUNT.search(name)
