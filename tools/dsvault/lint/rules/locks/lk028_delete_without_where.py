from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tree import range_name
from dsvault.lint.writes import WITH, takes_all, written

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class DeleteWithoutWhere(Rule):
    """DELETE without WHERE on a table that is in use.

    Why: all rows are lost, one by one, in one transaction.
    When not: the table is made by the same script; its rows are told by a condition.
    Instead: a WHERE; if the table is meant to be empty, say so in an allow comment.
    """

    code = "LK028"
    classes = ("delete-without-where",)
    on = WITH
    setup = "CREATE TABLE orders (id int PRIMARY KEY);\n"
    bad = "DELETE FROM orders;\n"
    good = "DELETE FROM orders WHERE id = 1;\n"

    def statement(self, scope: Scope) -> None:
        """Report the DELETE."""
        for node in written(scope, "DeleteStmt"):
            name = scope.catalog.qualify(range_name(node["relation"]))
            if takes_all(node) and scope.existing(name):
                scope.report(self, f"deletes every row of {qualified(name)}", "Say which rows.")
