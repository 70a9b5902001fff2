from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class EnumValueUsed(Rule):
    """A new enum value is used in the transaction that adds it.

    Why: PostgreSQL refuses it: unsafe use of new value.
    When not: the type is made in the same transaction.
    Instead: commit ALTER TYPE … ADD VALUE in a change before.
    """

    code = "LK029"
    classes = ("enum-value-used-in-transaction",)
    on = ("*",)
    setup = "CREATE TYPE mood AS ENUM ('sad');\nCREATE TABLE people (id int, m mood);\n"
    bad = (
        "BEGIN;\nALTER TYPE mood ADD VALUE 'glad';\n"
        "INSERT INTO people VALUES (1, 'glad');\nCOMMIT;\n"
    )
    good = "ALTER TYPE mood ADD VALUE 'glad';\nINSERT INTO people VALUES (1, 'glad');\n"
    claim = Claim(fails="55P04")

    def statement(self, scope: Scope) -> None:
        """Report the first use."""
        if scope.kind == "AlterEnumStmt" or not scope.in_block:
            return
        number = scope.transaction.number
        added = {
            value
            for kind in scope.catalog.types.values()
            if kind.origin.transaction != number or len(kind.values) == len(kind.added)
            for value, transaction in kind.added.items()
            if transaction == number
        }
        if not added:
            return
        for kind_, fields in scope.nodes:
            if kind_ == "A_Const" and fields.get("sval", {}).get("sval") in added:
                scope.report(
                    self,
                    f"'{fields['sval']['sval']}' cannot be used before ADD VALUE is committed",
                    "Add the value in a change before this one.",
                    at=fields.get("location"),
                )
                return
