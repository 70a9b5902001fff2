from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tree import range_name

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


_GENTLE = 3  # ACCESS SHARE, ROW SHARE, ROW EXCLUSIVE: what plain statements take


class ExplicitTableLock(Rule):
    """LOCK TABLE on a table that is in use.

    Why: writers, with ACCESS EXCLUSIVE also readers, wait until the transaction ends.
    When not: modes that plain statements take too; the table is made by the same script.
    Instead: an advisory lock, or row locks; else lock_timeout, a short transaction and a reason.
    """

    code = "LK044"
    classes = ("explicit-table-lock",)
    severity = Severity.WARNING
    on = ("LockStmt",)
    in_functions = True
    setup = "CREATE TABLE orders (id int PRIMARY KEY);\n"
    bad = "BEGIN;\nLOCK TABLE orders;\nCOMMIT;\n"
    good = "BEGIN;\nLOCK TABLE orders IN ROW EXCLUSIVE MODE;\nCOMMIT;\n"

    def statement(self, scope: Scope) -> None:
        """Report the lock."""
        if scope.node.get("mode", 0) <= _GENTLE:
            return
        for item in scope.node.get("relations", ()):
            name = scope.catalog.qualify(range_name(item["RangeVar"]))
            is_used = not scope.is_computed if scope.where == "function" else scope.existing(name)
            if is_used:
                scope.report(
                    self,
                    f"others wait for {qualified(name)} until the transaction ends",
                    "Use an advisory lock or row locks.",
                )
