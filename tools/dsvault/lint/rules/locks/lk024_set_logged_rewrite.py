from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class SetLoggedRewrite(Rule):
    """SET LOGGED or UNLOGGED, SET TABLESPACE or SET ACCESS METHOD on a table that is in use.

    Why: the table is rewritten under ACCESS EXCLUSIVE.
    When not: the table is made by the same script.
    Instead: make the table as it has to be, and move the rows in batches.
    """

    code = "LK024"
    classes = ("set-logged-rewrite",)
    on = ("AlterTableStmt",)
    setup = "CREATE TABLE notes (id int PRIMARY KEY);\n"
    bad = "ALTER TABLE notes SET UNLOGGED;\n"
    good = "CREATE UNLOGGED TABLE fresh (id int PRIMARY KEY);\n"
    claim = Claim(rewrites=True)

    def statement(self, scope: Scope) -> None:
        """Report the command."""
        kinds = ("AT_SetLogged", "AT_SetUnLogged", "AT_SetTableSpace", "AT_SetAccessMethod")
        for command in scope.commands(*kinds):
            if scope.existing(scope.relation()):
                what = command["subtype"].removeprefix("AT_")
                scope.report(
                    self,
                    f"{what} rewrites the table under ACCESS EXCLUSIVE",
                    "Make a new table, and move the rows in batches.",
                )
