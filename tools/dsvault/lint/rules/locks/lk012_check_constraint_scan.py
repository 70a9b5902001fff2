from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.columns import constraints_added
from dsvault.lint.rule import Claim, Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class CheckConstraintScan(Rule):
    """ADD CHECK without NOT VALID on a table that is in use.

    Why: the whole table is read under ACCESS EXCLUSIVE.
    When not: the table is made by the same script. The CHECK of a new column is no exception.
    Instead: ADD CONSTRAINT … NOT VALID, and VALIDATE CONSTRAINT in a later transaction.
    """

    code = "LK012"
    classes = ("check-constraint-scan",)
    on = ("AlterTableStmt",)
    setup = "CREATE TABLE orders (id int PRIMARY KEY, total int);\n"
    bad = "ALTER TABLE orders ADD CONSTRAINT total_check CHECK (total >= 0);\n"
    good = "ALTER TABLE orders ADD CONSTRAINT total_check CHECK (total >= 0) NOT VALID;\n"
    claim = Claim(shows="SELECT convalidated FROM pg_constraint WHERE conname = 'total_check'")

    def statement(self, scope: Scope) -> None:
        """Report the constraint."""
        for constraint in constraints_added(scope):
            if constraint.get("contype") != "CONSTR_CHECK" or constraint.get("skip_validation"):
                continue
            if scope.existing(scope.relation()):
                scope.report(
                    self,
                    f"all of {scope.named} is read under ACCESS EXCLUSIVE to check the old rows",
                    "Add it NOT VALID, and VALIDATE CONSTRAINT in a later transaction.",
                    at=constraint["location"],
                )
