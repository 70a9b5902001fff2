from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class ConcurrentlyOnPartitioned(Rule):
    """CREATE INDEX CONCURRENTLY on a partitioned table.

    Why: PostgreSQL refuses it.
    Instead: CREATE INDEX ON ONLY the parent, CONCURRENTLY on each partition, then ATTACH PARTITION
    of each index.
    """

    code = "LK039"
    classes = ("concurrently-on-partitioned",)
    on = ("IndexStmt",)
    setup = "CREATE TABLE logs (at date NOT NULL) PARTITION BY RANGE (at);\n"
    bad = "CREATE INDEX CONCURRENTLY logs_at_idx ON logs (at);\n"
    good = "CREATE INDEX logs_at_idx ON ONLY logs (at);\n"
    claim = Claim(fails="0A000")

    def statement(self, scope: Scope) -> None:
        """Report CONCURRENTLY."""
        table = scope.catalog.table(scope.relation())
        if scope.node.get("concurrent") and table is not None and table.strategy:
            scope.report(
                self,
                f"{qualified(table.name)} is partitioned: PostgreSQL refuses CONCURRENTLY",
                "Index ON ONLY the parent, CONCURRENTLY on the partitions, then attach.",
            )
