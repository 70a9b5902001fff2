from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class TruncateCascade(Rule):
    """TRUNCATE … CASCADE.

    Why: every table that refers to it is emptied too, and what refers to those.
    Instead: name all tables in one TRUNCATE; then a table that was forgotten is an error.
    """

    code = "LK035"
    classes = ("truncate-cascade",)
    on = ("TruncateStmt",)
    in_functions = True
    tasks = frozenset({"deploy", "revert", "plain"})
    setup = "CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int REFERENCES a);\n"
    bad = "TRUNCATE a CASCADE;\n"
    good = "TRUNCATE a, b;\n"

    def statement(self, scope: Scope) -> None:
        """Report CASCADE."""
        if scope.node.get("behavior") == "DROP_CASCADE":
            scope.report(
                self,
                "empties every table that refers to it as well",
                "Name all tables that shall be.",
            )
