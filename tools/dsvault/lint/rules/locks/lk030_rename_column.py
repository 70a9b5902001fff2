from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class RenameColumn(Rule):
    """RENAME COLUMN on a table that is in use.

    Why: clients that still say the old name fail from this moment on.
    When not: the table is made by the same script.
    Instead: add the new column, keep both by a trigger, move the clients, then drop the old one.
    """

    code = "LK030"
    classes = ("rename-column",)
    severity = Severity.WARNING
    on = ("RenameStmt",)
    setup = "CREATE TABLE orders (id int PRIMARY KEY, note text);\n"
    bad = "ALTER TABLE orders RENAME COLUMN note TO remark;\n"
    good = "ALTER TABLE orders ADD COLUMN remark text;\n"

    def statement(self, scope: Scope) -> None:
        """Report the new name."""
        if scope.node.get("renameType") != "OBJECT_COLUMN":
            return
        if scope.existing(scope.relation()):
            scope.report(
                self,
                f"clients that say {scope.node.get('subname')} fail at once",
                "Add a column, keep both for a while, then drop the old one.",
            )
