from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tree import range_name

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Name


class RenameTable(Rule):
    """RENAME or SET SCHEMA of a table that is in use, or RENAME of its schema.

    Why: clients that still say the old name fail from this moment on.
    When not: the same script leaves a view of the old name; the table is made by it.
    Instead: a view of the old name in the same transaction, until all clients have moved.
    """

    code = "LK031"
    classes = ("rename-table",)
    severity = Severity.WARNING
    on = ("RenameStmt", "AlterObjectSchemaStmt")
    setup = "CREATE TABLE orders (id int PRIMARY KEY);\n"
    bad = "ALTER TABLE orders RENAME TO purchases;\n"
    good = (
        "ALTER TABLE orders RENAME TO purchases;\n"
        "CREATE VIEW orders WITH (security_invoker = true) AS SELECT id FROM purchases;\n"
    )

    def statement(self, scope: Scope) -> None:
        """Report the new name."""
        kind = scope.node.get("renameType") or scope.node.get("objectType")
        if kind == "OBJECT_SCHEMA":
            self._schema(scope, scope.node.get("subname", ""))
        if kind not in {"OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW"}:
            return
        if "relation" not in scope.node:
            return
        old = scope.relation()
        if scope.existing(old) and not _is_replaced(scope, old):
            scope.report(
                self,
                f"clients that say {qualified(old)} fail at once",
                "Leave a view of the old name until they have moved.",
            )

    def _schema(self, scope: Scope, name: str) -> None:
        origin = scope.catalog.schemas.get(name)
        if origin is None or origin.script is not scope.script:
            message = f"clients that say {name}.… fail at once"
            scope.report(self, message, "Make a schema of views under the new name first.")


def _is_replaced(scope: Scope, old: Name) -> bool:
    """Say whether the script puts something else in the old name's place."""
    for statement in scope.statements:
        key = {"ViewStmt": "view", "CreateStmt": "relation"}.get(statement.kind)
        if key and scope.catalog.qualify(range_name(statement.node[key])) == old:
            return True
        if statement.kind == "RenameStmt" and statement.node.get("newname") == old[1]:
            return True
    return False
