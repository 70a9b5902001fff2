from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.column_types import ColumnTypeRule
from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim

if TYPE_CHECKING:
    from dsvault.lint.catalog import Column, Table


class Serial(ColumnTypeRule):
    """serial and bigserial.

    Why: the sequence has privileges of its own, and the default can be written over.
    When not: an identity column.
    Instead: bigint GENERATED ALWAYS AS IDENTITY.
    """

    code = "DS010"
    classes = ("type-serial",)
    severity = Severity.INFO
    what = "a serial, whose sequence has privileges of its own"
    instead = "Use GENERATED ALWAYS AS IDENTITY."
    bad = "CREATE TABLE notes (id bigserial PRIMARY KEY);\n"
    good = "CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);\n"
    claim = Claim(
        shows="SELECT bool_or(attidentity = '') FROM pg_attribute "
        "WHERE attrelid = 'notes'::regclass AND attnum = 1"
    )

    def is_wrong(self, table: Table, column: Column) -> bool:  # noqa: ARG002
        """Say whether it was written so."""
        return column.is_serial
