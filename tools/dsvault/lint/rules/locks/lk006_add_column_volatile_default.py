from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.volatility import volatile_call

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class AddColumnVolatileDefault(Rule):
    """ADD COLUMN with a volatile default on a table that is in use.

    Why: each row needs a value of its own, so the table is rewritten under ACCESS EXCLUSIVE.
    When not: constants and now(): they are computed once and stored in the catalog.
    Instead: add the column without default, set the default, fill the old rows in batches.
    """

    code = "LK006"
    classes = ("add-column-volatile-default",)
    on = ("AlterTableStmt",)
    setup = "CREATE TABLE orders (id int PRIMARY KEY);\n"
    bad = "ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid();\n"
    good = "ALTER TABLE orders ADD COLUMN made timestamptz DEFAULT now();\n"
    claim = Claim(rewrites=True)

    def statement(self, scope: Scope) -> None:
        """Report the default."""
        for command in scope.commands("AT_AddColumn"):
            column = command["def"]["ColumnDef"]
            for item in column.get("constraints", ()):
                default = item["Constraint"].get("raw_expr")
                if item["Constraint"].get("contype") != "CONSTR_DEFAULT":
                    continue
                called = volatile_call(scope.catalog, default)
                if called and called != "nextval" and scope.existing(scope.relation()):
                    scope.report(
                        self,
                        f"{called}() is volatile: the table is rewritten under ACCESS EXCLUSIVE",
                        "Add the column without default, then SET DEFAULT, then fill in batches.",
                        at=column["location"],
                    )
