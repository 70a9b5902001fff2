from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class DropNotNull(Rule):
    """DROP NOT NULL on a table that is in use.

    Why: clients that were promised a value meet NULL, and the way back has to look at every row.
    When not: every client is ready for NULL; the table is made by the same script.
    Instead: let the clients go first.
    """

    code = "LK048"
    severity = Severity.INFO
    on = ("AlterTableStmt",)
    setup = "CREATE TABLE orders (id int PRIMARY KEY, note text NOT NULL);\n"
    bad = "ALTER TABLE orders ALTER COLUMN note DROP NOT NULL;\n"
    good = "ALTER TABLE orders ALTER COLUMN note SET DEFAULT '';\n"
    claim = Claim(
        shows="SELECT NOT attnotnull FROM pg_attribute "
        "WHERE attrelid = 'orders'::regclass AND attname = 'note'"
    )

    def statement(self, scope: Scope) -> None:
        """Report the column."""
        commands = scope.commands("AT_DropNotNull")
        if commands and scope.existing(scope.relation()):
            column = commands[0].get("name", "")
            message = f"{qualified(scope.relation())}.{column} may be NULL from now on"
            scope.report(self, message, "Make sure that every client expects it.")
