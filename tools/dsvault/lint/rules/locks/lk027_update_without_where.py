from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tree import range_name
from dsvault.lint.writes import WITH, takes_all, written

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class UpdateWithoutWhere(Rule):
    """UPDATE without WHERE on a table that is in use.

    Why: every row is locked and written anew in one transaction.
    When not: the table is made by the same script; its rows are told by a condition.
    Instead: batches by key, with a commit between.
    """

    code = "LK027"
    classes = ("update-without-where",)
    severity = Severity.WARNING
    on = WITH
    setup = "CREATE TABLE orders (id int PRIMARY KEY, note text);\n"
    bad = "UPDATE orders SET note = '';\n"
    good = "UPDATE orders SET note = '' WHERE id BETWEEN 1 AND 1000;\n"

    def statement(self, scope: Scope) -> None:
        """Report the UPDATE."""
        for node in written(scope, "UpdateStmt"):
            name = scope.catalog.qualify(range_name(node["relation"]))
            if takes_all(node) and scope.existing(name):
                scope.report(
                    self,
                    f"writes every row of {qualified(name)} in one transaction",
                    "Update in batches by key, with a commit between.",
                )
