from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import option

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class ConcurrentlyInTransaction(Rule):
    """CONCURRENTLY in a transaction, a DO block or a function.

    Why: PostgreSQL refuses it there: it commits in the middle.
    When not: REFRESH MATERIALIZED VIEW CONCURRENTLY may.
    Instead: a script of its own without BEGIN and COMMIT (for sqlx: `-- no-transaction`).
    """

    code = "LK002"
    classes = ("concurrently-in-transaction",)
    on = ("IndexStmt", "DropStmt", "ReindexStmt", "AlterTableStmt")
    in_functions = True
    tasks = frozenset({"deploy", "revert", "plain"})
    setup = "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL);\n"
    bad = "BEGIN;\nCREATE INDEX CONCURRENTLY orders_idx ON orders (customer_id);\nCOMMIT;\n"
    good = "CREATE INDEX CONCURRENTLY orders_idx ON orders (customer_id);\n"
    claim = Claim(fails="25001")

    def statement(self, scope: Scope) -> None:
        """Report CONCURRENTLY where a transaction is open."""
        if scope.in_block and _is_concurrent(scope):
            scope.report(
                self,
                "PostgreSQL refuses CONCURRENTLY inside of a transaction",
                "Give it a script of its own, without BEGIN and COMMIT.",
            )


def _is_concurrent(scope: Scope) -> bool:
    if scope.kind == "ReindexStmt":
        return option(scope.node.get("params"), "concurrently") is not None
    if scope.kind == "AlterTableStmt":
        detached = scope.commands("AT_DetachPartition")
        return any(c["def"]["PartitionCmd"].get("concurrent") for c in detached)
    return bool(scope.node.get("concurrent"))
