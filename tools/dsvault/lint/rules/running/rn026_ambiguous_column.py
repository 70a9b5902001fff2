from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.apply.tables import output_name
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import column_name, find, inner, range_name, strings

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Node


class AmbiguousColumn(Rule):
    """A variable or parameter has the name of a column in the same query.

    Why: PL/pgSQL refuses the query when it runs; LANGUAGE sql takes the column, so that
    `WHERE id = id` is true for every row.
    When not: the column is qualified, or `#variable_conflict` decides.
    Instead: prefix variables and parameters (v_, p_), or qualify: table.column, function.parameter.
    """

    code = "RN026"
    classes = ("plpgsql-ambiguous-column",)
    on = ("SelectStmt", "UpdateStmt", "DeleteStmt", "InsertStmt", "MergeStmt")
    in_functions = True
    setup = "CREATE TABLE users (id int PRIMARY KEY, name text);\n"
    bad = (
        "CREATE FUNCTION f(id int) RETURNS text LANGUAGE plpgsql AS $$\nBEGIN\n"
        "    RETURN (SELECT u.name FROM users AS u WHERE u.id = id);\nEND;\n$$;\nSELECT f(1);\n"
    )
    good = bad.replace("u.id = id", "u.id = f.id")
    claim = Claim(fails="42702")

    def statement(self, scope: Scope) -> None:
        """Report unqualified names that mean two things."""
        function = scope.function
        if scope.where != "function" or function is None:
            return
        if "variable_conflict" in function.body:
            return
        own = {name.lower() for name, _, _ in function.parameters if name}
        if scope.enclosing is not None:
            own |= {variable.name for variable in scope.enclosing.variables}
        if not own:
            return
        columns = _columns(scope)
        if scope.enclosing is not None:
            self._inferred(scope, own)
        reported = set()
        ordered = _own_order(scope.node)
        for fields in scope.of_type("ColumnRef"):
            names = strings(fields.get("fields"))
            if len(names) != 1 or names[0] not in own or names[0] in reported:
                continue
            if id(fields) in ordered:
                continue
            is_twice = _is_compared_with_itself(scope, names[0])
            if names[0] in columns or is_twice:
                reported.add(names[0])
                scope.report(
                    self,
                    f"{names[0]} is a variable or parameter and a column",
                    "Give it a prefix, or qualify it.",
                    at=fields.get("location"),
                )

    def _inferred(self, scope: Scope, own: set[str]) -> None:
        """Report the columns of ON CONFLICT (…), which PL/pgSQL takes for variables too."""
        clause = scope.node.get("onConflictClause", {}).get("infer", {})
        for fields in find(clause, "IndexElem"):
            if fields.get("name") in own:
                scope.report(
                    self,
                    f"{fields['name']} is a variable or parameter and a column",
                    "Write ON CONFLICT ON CONSTRAINT, or give the parameter a prefix.",
                    at=clause.get("location"),
                )


def _columns(scope: Scope) -> set[str]:
    """Return the columns of the query's tables that are known, or named with their table."""
    found: set[str] = set()
    aliases: set[str] = set()
    for fields in scope.of_type("RangeVar"):
        table = scope.catalog.table(range_name(fields))
        found |= set(table.columns) if table is not None else set()
        aliases.add(fields.get("alias", {}).get("aliasname") or fields.get("relname", ""))
    columns = (strings(fields.get("fields")) for fields in scope.of_type("ColumnRef"))
    named = [names for names in columns if len(names) == 2]
    return found | {names[1] for names in named if names[0] in aliases}


def _is_compared_with_itself(scope: Scope, name: str) -> bool:
    """Say whether the query has `x = x` or `t.x = x`, which only makes sense of two things."""
    has_tables = "RangeVar" in scope.index
    for fields in scope.of_type("A_Expr"):
        left, right = (
            strings(inner(fields.get(side))[1].get("fields")) for side in ("lexpr", "rexpr")
        )
        is_both = bool(left and right) and left[-1] == right[-1] == name
        if has_tables and is_both and (len(left) == 1 or len(right) == 1):
            return True
    return False


def _own_order(node: Node) -> set[int]:
    """Return the columns of ORDER BY that the query finds among its own first."""
    names = {output_name(item["ResTarget"]) for item in node.get("targetList", ())}
    values = [item["SortBy"].get("node") for item in node.get("sortClause", ())]
    return {id(inner(value)[1]) for value in values if column_name(value) in names}
