from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class IndexBlocking(Rule):
    """CREATE INDEX without CONCURRENTLY on a table that is in use.

    Why: writes to the table wait until the whole index is built.
    When not: the table is made by the same script; an index ON ONLY a partitioned table.
    Instead: a change of its own, without a transaction: DROP INDEX CONCURRENTLY IF EXISTS, then
    CREATE INDEX CONCURRENTLY.
    """

    code = "LK001"
    classes = ("index-blocking",)
    on = ("IndexStmt",)
    setup = "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL);\n"
    bad = "CREATE INDEX orders_customer_id_idx ON orders (customer_id);\n"
    good = "CREATE INDEX CONCURRENTLY orders_customer_id_idx ON orders (customer_id);\n"
    claim = Claim(locks="ShareLock", in_transaction=False)

    def statement(self, scope: Scope) -> None:
        """Report an index built in the way of writers."""
        name = scope.relation()
        if scope.node.get("concurrent") or not scope.node["relation"].get("inh"):
            return
        if scope.existing(name):
            scope.report(
                self,
                f"blocks writes to {qualified(name)} while the index is built",
                "Build it CONCURRENTLY, in a change without a transaction.",
            )
