from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import find, inner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Node


class SelectStarView(Rule):
    """SELECT * in a view.

    Why: the columns are those of the day on which it was made; later ones are missing, and none
    can be dropped below it.
    When not: a sub-query of EXISTS, or count(*).
    Instead: name the columns.
    """

    code = "DS028"
    classes = ("select-star-view",)
    severity = Severity.INFO
    on = ("ViewStmt", "CreateTableAsStmt")
    setup = "CREATE TABLE notes (id int, body text);\n"
    bad = "CREATE VIEW all_notes AS SELECT * FROM notes;\nALTER TABLE notes ADD COLUMN x int;\n"
    good = "CREATE VIEW all_notes AS SELECT id FROM notes;\nALTER TABLE notes ADD COLUMN x int;\n"
    claim = Claim(
        shows="SELECT count(*) = 2 FROM pg_attribute WHERE attrelid = 'all_notes'::regclass"
    )

    def statement(self, scope: Scope) -> None:
        """Report stars in the view's own list."""
        kind, query = inner(scope.node.get("query"))
        is_table = scope.kind == "CreateTableAsStmt" and scope.node["objtype"] != "OBJECT_MATVIEW"
        if kind != "SelectStmt" or is_table:
            return
        for target in _targets(query):
            value = target["ResTarget"].get("val", {})
            if "ColumnRef" in value and any(True for _ in find(value, "A_Star")):
                scope.report(
                    self,
                    "the view keeps the columns of today",
                    "Name the columns.",
                    at=target,
                )


def _targets(query: Node) -> Iterator[Node]:
    """Yield the columns of a query, of each of its arms if it is a UNION."""
    for arm in (query.get("larg"), query.get("rarg")):
        if arm:
            yield from _targets(arm)
    yield from query.get("targetList", ())
