from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.losses import announces
from dsvault.lint.rule import Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class DropColumn(Rule):
    """DROP COLUMN on a table that is in use.

    Why: its data are lost, and clients that still name it fail.
    When not: the header announces the loss; the table is made by the same script.
    Instead: stop using it first; drop it in a later release, and say in the header what is lost.
    """

    code = "LK032"
    classes = ("drop-column",)
    severity = Severity.WARNING
    on = ("AlterTableStmt",)
    setup = "CREATE TABLE orders (id int PRIMARY KEY, note text);\n"
    bad = "ALTER TABLE orders DROP COLUMN note;\n"
    good = "ALTER TABLE orders ALTER COLUMN note SET DEFAULT '';\n"

    def statement(self, scope: Scope) -> None:
        """Report the column."""
        if announces(scope.world.parsed[scope.script]):
            return
        for command in scope.commands("AT_DropColumn"):
            table = scope.catalog.table(scope.relation())
            column = table.columns.get(command["name"]) if table else None
            if column is not None and column.origin.script is scope.script:
                continue
            if scope.existing(scope.relation()):
                scope.report(
                    self,
                    f"the data of {command['name']} are lost",
                    "Drop it once nothing uses it, with a reason in an allow comment.",
                    at=scope.find_text(f" {command['name']}"),
                )
