from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.apply.drops import dropped
from dsvault.lint.findings import Severity
from dsvault.lint.rule import Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class ConcurrentIndexIfNotExists(Rule):
    """CREATE INDEX CONCURRENTLY IF NOT EXISTS.

    Why: a build that failed leaves an invalid index, which the next run takes for the real one.
    When not: the script drops the index first.
    Instead: DROP INDEX CONCURRENTLY IF EXISTS, then CREATE INDEX CONCURRENTLY.
    """

    code = "LK037"
    classes = ("concurrent-index-if-not-exists",)
    severity = Severity.WARNING
    on = ("IndexStmt",)
    setup = "CREATE TABLE orders (id int, note text);\n"
    bad = "CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_note_idx ON orders (note);\n"
    good = (
        "DROP INDEX CONCURRENTLY IF EXISTS orders_note_idx;\n"
        "CREATE INDEX CONCURRENTLY orders_note_idx ON orders (note);\n"
    )

    def statement(self, scope: Scope) -> None:
        """Report IF NOT EXISTS."""
        if not (scope.node.get("concurrent") and scope.node.get("if_not_exists")):
            return
        name = scope.node.get("idxname", "")
        for statement in scope.statements:
            is_drop = statement.kind == "DropStmt" and statement.start < scope.start
            if is_drop and name in {parts[-1] for parts in dropped(statement.node) if parts}:
                return
        scope.report(
            self,
            f"takes an invalid {name}, left by a build that failed, for the real one",
            "First DROP INDEX CONCURRENTLY IF EXISTS, then build without IF NOT EXISTS.",
        )
