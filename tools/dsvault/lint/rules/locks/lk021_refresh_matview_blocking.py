from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class RefreshMatviewBlocking(Rule):
    """REFRESH MATERIALIZED VIEW without CONCURRENTLY.

    Why: all readers of the view wait until it is filled.
    When not: the view is made by the same script.
    Instead: a unique index on the view, and REFRESH MATERIALIZED VIEW CONCURRENTLY.
    """

    code = "LK021"
    classes = ("refresh-matview-blocking",)
    on = ("RefreshMatViewStmt",)
    in_functions = True
    setup = "CREATE MATERIALIZED VIEW m AS SELECT 1 AS id;\nCREATE UNIQUE INDEX m_id ON m (id);\n"
    bad = "REFRESH MATERIALIZED VIEW m;\n"
    good = "REFRESH MATERIALIZED VIEW CONCURRENTLY m;\n"
    claim = Claim(locks="AccessExclusiveLock")

    def statement(self, scope: Scope) -> None:
        """Report the refresh."""
        is_used = scope.where == "function" or scope.existing(scope.relation())
        if is_used and not scope.node.get("concurrent"):
            scope.report(
                self,
                f"readers of {qualified(scope.relation())} wait until it is filled",
                "REFRESH MATERIALIZED VIEW CONCURRENTLY, with a unique index on the view.",
            )
