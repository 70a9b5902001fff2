from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Rule
from dsvault.lint.scope import qualified

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Node


class DdlThenBackfill(Rule):
    """Rows are changed in the transaction that changed the table itself.

    Why: the ACCESS EXCLUSIVE lock of the DDL is held until the last row is written.
    When not: the table is made by the same script.
    Instead: commit the DDL; fill the rows in a later change, in batches.
    """

    code = "LK026"
    classes = ("ddl-then-backfill-lock",)
    on = ("UpdateStmt", "DeleteStmt", "InsertStmt", "MergeStmt")
    setup = "CREATE TABLE orders (id int PRIMARY KEY);\n"
    bad = (
        "BEGIN;\nSET LOCAL lock_timeout = '2s';\nALTER TABLE orders ADD COLUMN note text;\n"
        "UPDATE orders SET note = '' WHERE note IS NULL;\nCOMMIT;\n"
    )
    good = (
        "BEGIN;\nSET LOCAL lock_timeout = '2s';\n"
        "ALTER TABLE orders ADD COLUMN note text;\nCOMMIT;\n"
        "UPDATE orders SET note = '' WHERE note IS NULL;\n"
    )

    def statement(self, scope: Scope) -> None:
        """Report the change of rows."""
        name = scope.relation()
        if name not in scope.transaction.locked or not scope.in_block:
            return
        if scope.kind == "InsertStmt" and not _reads(scope.node):
            return
        scope.report(
            self,
            f"writes rows while {qualified(name)} is locked ACCESS EXCLUSIVE by the DDL before",
            "Commit the DDL first; change the rows in batches.",
        )


def _reads(insert: Node) -> bool:
    select = insert.get("selectStmt", {}).get("SelectStmt", {})
    return "fromClause" in select
