from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import is_null, type_name

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class AddColumnNotNullNoDefault(Rule):
    """ADD COLUMN … NOT NULL without a default on a table that is in use.

    Why: it fails as soon as the table has a row.
    When not: the table is made by the same script; identity and generated columns.
    Instead: a default, or add it nullable, fill it, then SET NOT NULL by way of a valid CHECK.
    """

    code = "LK045"
    classes = ("add-column-not-null-no-default",)
    on = ("AlterTableStmt",)
    setup = "CREATE TABLE orders (id int PRIMARY KEY);\nINSERT INTO orders VALUES (1);\n"
    bad = "ALTER TABLE orders ADD COLUMN note text NOT NULL;\n"
    good = "ALTER TABLE orders ADD COLUMN note text NOT NULL DEFAULT '';\n"
    claim = Claim(fails="23502")

    def statement(self, scope: Scope) -> None:
        """Report the column."""
        for command in scope.commands("AT_AddColumn"):
            column = command["def"]["ColumnDef"]
            kinds = {
                item["Constraint"].get("contype")
                for item in column.get("constraints", ())
                if not is_null(item["Constraint"].get("raw_expr"))
            }
            is_bare = "CONSTR_NOTNULL" in kinds or "CONSTR_PRIMARY" in kinds
            filled = kinds & {"CONSTR_DEFAULT", "CONSTR_IDENTITY", "CONSTR_GENERATED"}
            if not is_bare or filled or "serial" in type_name(column.get("typeName")):
                continue
            if scope.existing(scope.relation()):
                scope.report(
                    self,
                    f"{column['colname']} has no value for the rows that are there: it fails",
                    "Give it a DEFAULT, or add it nullable and fill it.",
                    at=column["location"],
                )
