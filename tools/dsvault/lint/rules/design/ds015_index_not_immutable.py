from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import column_name, find, type_name
from dsvault.lint.volatility import not_immutable_call

if TYPE_CHECKING:
    from dsvault.lint.catalog import Table
    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Node

_MOMENT = "timestamp with time zone"
_READINGS = ("date", "text", "character varying", "time", "timestamp without time zone")


class IndexNotImmutable(Rule):
    """Index or generated column whose expression may give another value tomorrow.

    Why: the script fails: functions in it must be marked IMMUTABLE.
    When not: the expression depends on the row alone.
    Instead: compare with a constant, store the value, or convert AT TIME ZONE 'UTC'.
    """

    code = "DS015"
    classes = ("index-expression-not-immutable",)
    on = ("IndexStmt", "CreateStmt", "AlterTableStmt")
    setup = "CREATE TABLE notes (id bigint PRIMARY KEY, written timestamptz);\n"
    bad = "CREATE INDEX notes_new_idx ON notes (id) WHERE written > now();\n"
    good = "CREATE INDEX notes_new_idx ON notes (id) WHERE written > '2026-01-01 00:00+00';\n"
    claim = Claim(fails="42P17")

    def statement(self, scope: Scope) -> None:
        """Report expressions that PostgreSQL refuses."""
        table = scope.catalog.table(scope.relation()) if "relation" in scope.node else None
        for expression, at in _expressions(scope):
            found = not_immutable_call(scope.catalog, {"x": expression})
            found = found or (_reads_clock(table, expression) if table else None)
            if found is not None:
                scope.report(
                    self,
                    f"{found} may give another value tomorrow, so the script fails",
                    "Use an expression that depends on the row alone.",
                    at=at,
                )


def _expressions(scope: Scope) -> list[tuple[Node, Node]]:
    """Return expressions of indexes and generated columns, each with the node to point at."""
    if scope.kind == "IndexStmt":
        found = [item["IndexElem"].get("expr") for item in scope.node.get("indexParams", ())]
        found.append(scope.node.get("whereClause"))
        return [(item, item) for item in found if item]
    return [
        (constraint["raw_expr"], constraint)
        for constraint in find(scope.node, "Constraint")
        if constraint.get("contype") == "CONSTR_GENERATED" and "raw_expr" in constraint
    ]


def _reads_clock(table: Table, expression: Node) -> str | None:
    """Return a column whose moment is read by the session's clock: written::date."""
    for cast in find({"x": expression}, "TypeCast"):
        column = table.columns.get(column_name(cast.get("arg")) or "")
        wanted = type_name(cast.get("typeName"))
        is_moment = column is not None and column.type.startswith(_MOMENT)
        if column is not None and is_moment and wanted.startswith(_READINGS):
            return f"{column.name}::{wanted}"
    return None
