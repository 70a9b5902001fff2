from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import option

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class ReindexBlocking(Rule):
    """REINDEX without CONCURRENTLY.

    Why: writes to the table wait, and reads that need the index.
    When not: the table is made by the same script.
    Instead: REINDEX … CONCURRENTLY, outside of a transaction.
    """

    code = "LK005"
    classes = ("reindex-blocking",)
    on = ("ReindexStmt",)
    setup = "CREATE TABLE orders (id int PRIMARY KEY);\n"
    bad = "REINDEX TABLE orders;\n"
    good = "REINDEX TABLE CONCURRENTLY orders;\n"
    claim = Claim(locks="ShareLock")

    def statement(self, scope: Scope) -> None:
        """Report a blocking REINDEX."""
        if option(scope.node.get("params"), "concurrently") is not None:
            return
        if "relation" in scope.node and self._is_own(scope):
            return
        scope.report(
            self,
            "writes wait while the indexes are built anew",
            "REINDEX … CONCURRENTLY, in a script without a transaction.",
        )

    def _is_own(self, scope: Scope) -> bool:
        name = scope.relation()
        index = scope.catalog.indexes.get(name)
        return scope.is_new(name if index is None else index.table)
