from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.columns import checks_not_null
from dsvault.lint.rule import Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class SetNotNullScan(Rule):
    """SET NOT NULL without a validated CHECK on a table that is in use.

    Why: the whole table is read under ACCESS EXCLUSIVE.
    When not: a validated CHECK (column IS NOT NULL) proves it, then nothing is read.
    Instead: ADD CONSTRAINT … CHECK (… IS NOT NULL) NOT VALID; VALIDATE CONSTRAINT in a later
    transaction; SET NOT NULL; drop the CHECK.
    """

    code = "LK011"
    classes = ("set-not-null-scan",)
    on = ("AlterTableStmt",)
    setup = "CREATE TABLE orders (id int PRIMARY KEY, note text);\n"
    bad = "ALTER TABLE orders ALTER COLUMN note SET NOT NULL;\n"
    good = (
        "ALTER TABLE orders ADD CONSTRAINT note_set CHECK (note IS NOT NULL) NOT VALID;\n"
        "ALTER TABLE orders VALIDATE CONSTRAINT note_set;\n"
        "ALTER TABLE orders ALTER COLUMN note SET NOT NULL;\n"
        "ALTER TABLE orders DROP CONSTRAINT note_set;\n"
    )

    def statement(self, scope: Scope) -> None:
        """Report the command."""
        for command in scope.commands("AT_SetNotNull"):
            table = scope.catalog.table(scope.relation())
            column = table.columns.get(command["name"]) if table else None
            is_so = column is not None and column.not_null
            if is_so or checks_not_null(table, command["name"]):
                continue
            if scope.existing(scope.relation()):
                scope.report(
                    self,
                    f"the whole table is read under ACCESS EXCLUSIVE to check {command['name']}",
                    "First a CHECK (… IS NOT NULL) NOT VALID, validated in a transaction before.",
                    at=scope.find_text(f"{command['name']} set not", command["name"]),
                )
