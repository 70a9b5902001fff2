from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class ExclusionConstraintLock(Rule):
    """ADD EXCLUDE on a table that is in use.

    Why: its index is built under ACCESS EXCLUSIVE; there is no way to build it before.
    When not: the table is made by the same script.
    Instead: make the constraint with the table; on a large table, a new table and a swap.
    """

    code = "LK017"
    classes = ("exclusion-constraint-lock",)
    on = ("AlterTableStmt",)
    setup = "CREATE TABLE stays (room int4range, days daterange);\n"
    bad = "ALTER TABLE stays ADD CONSTRAINT no_overlap EXCLUDE USING gist (days WITH &&);\n"
    good = (
        "CREATE TABLE visits (days daterange,\n"
        "    CONSTRAINT no_overlap EXCLUDE USING gist (days WITH &&));\n"
    )

    def statement(self, scope: Scope) -> None:
        """Report the constraint."""
        for command in scope.commands("AT_AddConstraint"):
            constraint = command["def"]["Constraint"]
            if constraint.get("contype") == "CONSTR_EXCLUSION" and scope.existing(scope.relation()):
                scope.report(
                    self,
                    f"the index is built while nobody reads or writes {scope.named}",
                    "Make it with the table, or move the rows to a new one.",
                    at=constraint["location"],
                )
