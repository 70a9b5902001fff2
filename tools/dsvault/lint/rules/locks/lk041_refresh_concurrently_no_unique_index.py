from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class RefreshConcurrentlyNoUniqueIndex(Rule):
    """REFRESH MATERIALIZED VIEW CONCURRENTLY without a unique index.

    Why: PostgreSQL refuses it: it needs a unique index on plain columns, without WHERE.
    Instead: CREATE UNIQUE INDEX on the view first.
    """

    code = "LK041"
    classes = ("refresh-concurrently-no-unique-index",)
    on = ("RefreshMatViewStmt",)
    in_functions = True
    setup = "CREATE MATERIALIZED VIEW m AS SELECT 1 AS id;\n"
    bad = "REFRESH MATERIALIZED VIEW CONCURRENTLY m;\n"
    good = "CREATE UNIQUE INDEX m_id ON m (id);\nREFRESH MATERIALIZED VIEW CONCURRENTLY m;\n"
    claim = Claim(fails="55000")

    def statement(self, scope: Scope) -> None:
        """Report the refresh."""
        name = scope.relation()
        if not scope.node.get("concurrent") or scope.catalog.view(name) is None:
            return
        for index in scope.catalog.indexes_of(name):
            if index.is_unique and index.where is None and len(index.columns) == len(index.keys):
                return
        scope.report(
            self,
            f"{qualified(name)} has no unique index: PostgreSQL refuses CONCURRENTLY",
            "CREATE UNIQUE INDEX on plain columns of the view first.",
        )
