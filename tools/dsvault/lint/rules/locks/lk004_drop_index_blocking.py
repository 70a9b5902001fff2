from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.apply.drops import dropped
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import name_of

if TYPE_CHECKING:
    from dsvault.lint.catalog import Index
    from dsvault.lint.scope import Scope


class DropIndexBlocking(Rule):
    """DROP INDEX without CONCURRENTLY on a table that is in use.

    Why: it takes ACCESS EXCLUSIVE: it waits for running queries, and all later ones wait for it.
    When not: the index or its table is made by the same script; an index of a partitioned table.
    Instead: DROP INDEX CONCURRENTLY, outside of a transaction.
    """

    code = "LK004"
    classes = ("drop-index-blocking",)
    on = ("DropStmt",)
    setup = "CREATE TABLE orders (id int);\nCREATE INDEX orders_id_idx ON orders (id);\n"
    bad = "DROP INDEX orders_id_idx;\n"
    good = "DROP INDEX CONCURRENTLY orders_id_idx;\n"
    claim = Claim(locks="AccessExclusiveLock")

    def statement(self, scope: Scope) -> None:
        """Report a blocking DROP INDEX."""
        if scope.node.get("removeType") != "OBJECT_INDEX" or scope.node.get("concurrent"):
            return
        for parts in dropped(scope.node):
            index = scope.catalog.index(name_of(parts))
            if index is not None and self._is_harmless(scope, index):
                continue
            scope.report(
                self,
                f"all queries of the table wait while {parts[-1]} is dropped",
                "DROP INDEX CONCURRENTLY, in a script without a transaction.",
            )

    def _is_harmless(self, scope: Scope, index: Index) -> bool:
        table = scope.catalog.tables.get(index.table)
        is_partitioned = table is not None and bool(table.strategy)
        is_own = index.origin.script is scope.script
        return is_partitioned or is_own or scope.is_new(index.table)
