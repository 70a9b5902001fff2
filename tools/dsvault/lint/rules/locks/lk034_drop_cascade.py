from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.apply.drops import dropped
from dsvault.lint.rule import Rule
from dsvault.lint.tree import name_of

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class DropCascade(Rule):
    """DROP … CASCADE.

    Why: whatever depends on the object goes too, unnamed: views, foreign keys, policies.
    When not: everything was made by the same script.
    Instead: drop the dependants by name, in order; then a surprise is an error.
    """

    code = "LK034"
    classes = ("drop-cascade",)
    on = ("DropStmt", "AlterTableStmt", "DropOwnedStmt")
    tasks = frozenset({"deploy", "revert", "plain"})
    setup = "CREATE TABLE a (id int PRIMARY KEY);\nCREATE VIEW v AS SELECT id FROM a;\n"
    bad = "DROP TABLE a CASCADE;\n"
    good = "DROP VIEW v;\nDROP TABLE a;\n"

    def statement(self, scope: Scope) -> None:
        """Report CASCADE."""
        if scope.kind == "AlterTableStmt":
            found = scope.commands("AT_DropColumn", "AT_DropConstraint")
            if any(c.get("behavior") == "DROP_CASCADE" for c in found):
                self._report(scope)
        elif scope.node.get("behavior") == "DROP_CASCADE" and not self._is_own(scope):
            self._report(scope)

    def _report(self, scope: Scope) -> None:
        scope.report(
            self,
            f"removes whatever depends on {_what(scope)}, without naming it",
            "Drop the dependants by name, without CASCADE.",
        )

    def _is_own(self, scope: Scope) -> bool:
        if scope.node.get("removeType") != "OBJECT_TABLE":
            return False
        return all(
            scope.is_new(scope.catalog.qualify(name_of(parts))) for parts in dropped(scope.node)
        )


def _what(scope: Scope) -> str:
    """Return what is dropped, as written; "it" where that has no plain name."""
    names = [c.get("name", "") for c in scope.commands("AT_DropColumn", "AT_DropConstraint")]
    if scope.kind == "DropStmt":
        names = [".".join(parts) for parts in dropped(scope.node)]
    return ", ".join(filter(None, names)) or "it"
