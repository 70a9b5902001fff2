from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import column_name, function_name, inner, operator, type_name, walk
from dsvault.lint.volatility import not_immutable_call

if TYPE_CHECKING:
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
        types = _types(scope)
        for expression, at in _expressions(scope):
            found = not_immutable_call(scope.catalog, {"x": expression})
            found = found or _reads_clock(types, expression)
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
    found = [
        (element["expr"], element)
        for element in scope.of_type("PartitionElem", "IndexElem")
        if "expr" in element
    ]
    return found + [
        (constraint["raw_expr"], constraint)
        for constraint in scope.of_type("Constraint")
        if constraint.get("contype") == "CONSTR_GENERATED" and "raw_expr" in constraint
    ]


def _types(scope: Scope) -> dict[str, str]:
    """Return the types of the columns that are there, and of those that the statement makes."""
    table = scope.catalog.table(scope.relation()) if "relation" in scope.node else None
    found = {c.name: c.type for c in table.columns.values()} if table is not None else {}
    for column in scope.of_type("ColumnDef"):
        found[column.get("colname", "")] = type_name(column.get("typeName"))
    return found


def _reads_clock(types: dict[str, str], expression: Node) -> str | None:
    """Return what depends on the session's time zone or style of dates: written::date."""
    for kind, fields in walk({"x": expression}):
        if kind == "TypeCast":
            found = _of_cast(types, fields)
        elif kind == "FuncCall":
            found = _of_call(types, fields)
        else:
            continue
        if found is not None:
            return found
    return None


def _of_cast(types: dict[str, str], cast: Node) -> str | None:
    wanted = type_name(cast.get("typeName"))
    name = column_name(cast.get("arg"))
    given = types.get(name or "", "")
    kind, fields = inner(cast.get("arg"))
    is_member = kind == "A_Expr" and operator(fields) in {"->>", "#>>"}
    is_words = wanted.startswith(("text", "character"))
    if given.startswith(_MOMENT) and wanted.startswith(_READINGS):
        return f"{name}::{wanted}"
    if given.startswith(("date", "timestamp")) and is_words:
        return f"{name}::{wanted}"
    if wanted.startswith(("timestamp", "date")) and (is_member or given.startswith("text")):
        return f"a text as {wanted}"
    return None


def _of_call(types: dict[str, str], call: Node) -> str | None:
    name = function_name(call)
    if name == "to_char":
        return name
    if name in {"date_trunc", "date_part", "extract"} and len(call.get("args", ())) == 2:
        given = types.get(column_name(call["args"][1]) or "", "")
        return name if given.startswith(_MOMENT) else None
    return None
