from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.apply.drops import dropped
from dsvault.lint.findings import Severity
from dsvault.lint.losses import announces
from dsvault.lint.rule import Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tree import name_of

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class DropTable(Rule):
    """DROP TABLE of a table that is in use, or DROP DATABASE.

    Why: its rows are lost, and clients that still name it fail.
    When not: the header announces the loss; the table is made by the same script; revert scripts.
    Instead: rename or detach it first; drop it in a later release, and say what is lost.
    """

    code = "LK033"
    classes = ("drop-table",)
    severity = Severity.WARNING
    on = ("DropStmt", "DropdbStmt")
    setup = "CREATE TABLE orders (id int PRIMARY KEY);\n"
    bad = "DROP TABLE orders;\n"
    good = "CREATE TEMP TABLE scratch (id int);\nDROP TABLE scratch;\n"

    def statement(self, scope: Scope) -> None:
        """Report the table."""
        is_told = announces(scope.world.parsed[scope.script])
        if scope.kind == "DropdbStmt" and not is_told:
            message = f"all that is in {scope.node.get('dbname', 'the database')} is lost"
            scope.report(self, message, "Leave it to a person, with a dump at hand.")
        if is_told or scope.node.get("removeType") != "OBJECT_TABLE":
            return
        for parts in dropped(scope.node):
            name = scope.catalog.qualify(name_of(parts))
            if scope.existing(name):
                scope.report(
                    self,
                    f"the rows of {qualified(name)} are lost",
                    "Drop it once nothing uses it, with a reason in an allow comment.",
                )
