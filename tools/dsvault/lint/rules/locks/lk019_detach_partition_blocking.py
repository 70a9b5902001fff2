from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Rule
from dsvault.lint.scope import qualified

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class DetachPartitionBlocking(Rule):
    """DETACH PARTITION without CONCURRENTLY.

    Why: all queries of the whole partitioned table wait for it, and it for them.
    When not: the table is made by the same script. With a DEFAULT partition PostgreSQL takes no
    CONCURRENTLY; then keep it short with lock_timeout, and allow it.
    Instead: DETACH PARTITION … CONCURRENTLY, outside of a transaction.
    """

    code = "LK019"
    classes = ("detach-partition-blocking",)
    on = ("AlterTableStmt",)
    setup = (
        "CREATE TABLE logs (at date NOT NULL) PARTITION BY RANGE (at);\n"
        "CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM ('2025-01-01') TO ('2025-02-01');\n"
    )
    bad = "ALTER TABLE logs DETACH PARTITION logs_1;\n"
    good = "ALTER TABLE logs DETACH PARTITION logs_1 CONCURRENTLY;\n"

    def statement(self, scope: Scope) -> None:
        """Report DETACH."""
        for command in scope.commands("AT_DetachPartition"):
            part = command["def"]["PartitionCmd"]
            if not part.get("concurrent") and scope.existing(scope.relation()):
                scope.report(
                    self,
                    f"all queries of {qualified(scope.relation())} wait for it",
                    "DETACH PARTITION … CONCURRENTLY, in a script without a transaction.",
                )
