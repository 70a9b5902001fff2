from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Rule
from dsvault.lint.scope import qualified

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class DeleteWithoutWhere(Rule):
    """DELETE without WHERE on a table that is in use.

    Why: all rows are lost, one by one, in one transaction.
    When not: the table is made by the same script; a join limits the rows.
    Instead: a WHERE; if the table is meant to be empty, say so in an allow comment.
    """

    code = "LK028"
    classes = ("delete-without-where",)
    on = ("DeleteStmt",)
    setup = "CREATE TABLE orders (id int PRIMARY KEY);\n"
    bad = "DELETE FROM orders;\n"
    good = "DELETE FROM orders WHERE id = 1;\n"

    def statement(self, scope: Scope) -> None:
        """Report the DELETE."""
        is_bounded = "whereClause" in scope.node or "usingClause" in scope.node
        if not is_bounded and scope.existing(scope.relation()):
            scope.report(
                self, f"deletes every row of {qualified(scope.relation())}", "Say which rows."
            )
