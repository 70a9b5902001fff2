from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.columns import constraints_added
from dsvault.lint.rule import Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class UniqueConstraintLock(Rule):
    """ADD UNIQUE that builds its index on a table that is in use.

    Why: reads and writes wait while the index is built.
    When not: UNIQUE USING INDEX of an index built before; the table is made by the same script.
    Instead: CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … UNIQUE USING INDEX.
    """

    code = "LK015"
    classes = ("unique-constraint-lock",)
    on = ("AlterTableStmt",)
    setup = "CREATE TABLE orders (id int PRIMARY KEY, code text);\n"
    bad = "ALTER TABLE orders ADD CONSTRAINT orders_code_key UNIQUE (code);\n"
    good = (
        "CREATE UNIQUE INDEX CONCURRENTLY orders_code_key ON orders (code);\n"
        "ALTER TABLE orders ADD CONSTRAINT orders_code_key UNIQUE USING INDEX orders_code_key;\n"
    )

    def statement(self, scope: Scope) -> None:
        """Report the constraint."""
        if scope.is_new(scope.relation()):
            return
        for constraint in constraints_added(scope):
            if constraint.get("contype") == "CONSTR_UNIQUE" and "indexname" not in constraint:
                scope.report(
                    self,
                    f"all queries of {scope.named} wait while the index is built",
                    "Build a unique index CONCURRENTLY, then UNIQUE USING INDEX.",
                    at=constraint["location"],
                )
