from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.apply.tables import output
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import range_name, strings

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class ReplaceViewColumnChange(Rule):
    """CREATE OR REPLACE VIEW that drops, renames or reorders columns.

    Why: PostgreSQL refuses it; columns may only be added at the end.
    Instead: DROP VIEW and CREATE VIEW with its grants, in one transaction.
    """

    code = "LK046"
    classes = ("replace-view-column-change",)
    on = ("ViewStmt",)
    setup = "CREATE TABLE t (a int, b int);\nCREATE VIEW v AS SELECT a, b FROM t;\n"
    bad = "CREATE OR REPLACE VIEW v AS SELECT b FROM t;\n"
    good = "CREATE OR REPLACE VIEW v AS SELECT a, b, a + b AS c FROM t;\n"
    claim = Claim(fails="42P16")

    def statement(self, scope: Scope) -> None:
        """Report the view."""
        view = scope.catalog.view(range_name(scope.node["view"]))
        if view is None or not scope.node.get("replace"):
            return
        new = tuple(strings(scope.node.get("aliases"))) or output(
            scope.node["query"], scope.catalog
        )
        if None in view.columns or None in new:
            return
        for number, name in enumerate(view.columns):
            if number >= len(new) or new[number] != name:
                now = new[number] if number < len(new) else "nothing"
                scope.report(
                    self,
                    f"column {number + 1} was {name} and becomes {now}: PostgreSQL refuses it",
                    "Drop the view and make it anew, or add columns at the end only.",
                )
                return
