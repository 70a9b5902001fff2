from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import calls_in, inner, is_null, strings

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Node


_RANDOM = {"gen_random_uuid", "uuid_generate_v4", "uuidv4", "uuidv7", "nextval", "random"}


class SeedNotIdempotent(Rule):
    """ON CONFLICT that can never conflict.

    Why: every run inserts the rows again: no unique key holds what is inserted.
    When not: the key's values are written out.
    Instead: write the key's value, or name a unique key of what tells the rows apart.
    """

    code = "RN009"
    classes = ("seed-not-idempotent",)
    severity = Severity.WARNING
    on = ("InsertStmt",)
    setup = "CREATE TABLE roles (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text);\n"
    bad = "INSERT INTO roles (name) VALUES ('admin') ON CONFLICT DO NOTHING;\n" * 2
    good = (
        "INSERT INTO roles (id, name) VALUES ('00000000-0000-0000-0000-000000000001', 'admin')\n"
        "ON CONFLICT DO NOTHING;\n"
    ) * 2
    claim = Claim(shows="SELECT count(*) = 2 FROM roles")

    def statement(self, scope: Scope) -> None:
        """Report the clause."""
        clause = scope.node.get("onConflictClause")
        columns = [item["ResTarget"]["name"] for item in scope.node.get("cols", ())]
        if clause is None or not columns:
            return
        given = set(columns) - _computed(scope.node, columns)
        keys = _keys(scope, clause)
        if keys and not any(key <= given for key in keys):
            scope.report(
                self,
                "no unique key holds what is inserted: it never conflicts",
                "Write the key's value, or make the columns that identify a row unique.",
                at=clause.get("location"),
            )


def _computed(node: Node, columns: list[str]) -> set[str]:
    """Return the columns whose values are new in every run."""
    found: set[str] = set()
    select = node.get("selectStmt", {}).get("SelectStmt", {})
    rows = [item["List"].get("items", []) for item in select.get("valuesLists", ())]
    for row in rows:
        for name, value in zip(columns, row, strict=False):
            kind, fields = inner(value)
            is_random = kind == "FuncCall" and strings(fields.get("funcname"))[-1] in _RANDOM
            if kind == "SetToDefault" or is_null(value) or is_random:
                found.add(name)
    return found


def _keys(scope: Scope, clause: Node) -> list[set[str]]:
    """Return the unique keys that may conflict: the one that is named, else all of the table."""
    named = clause.get("infer", {}).get("indexElems", ())
    if named:
        names = [item.get("IndexElem", {}).get("name") for item in named]
        return [] if None in names else [{str(name) for name in names}]
    table = scope.catalog.table(scope.relation())
    if table is None or not table.is_known:
        return []
    defaulted = {
        c.name
        for c in table.columns.values()
        if c.default is not None and not set(names_of(c.default)) & _RANDOM
    }
    keys = [set(c.columns) - defaulted for c in table.of_kind("primary", "unique", "exclude")]
    for index in scope.catalog.indexes_of(table.name):
        if index.is_unique and not index.of_constraint:
            if len(index.columns) < len(index.keys):
                return []
            keys.append(set(index.columns) - defaulted)
    if table.of_kind("exclude"):
        return []
    return keys


def names_of(node: Node) -> list[str]:
    """Return the functions that an expression calls."""
    return [name for name, _ in calls_in(node)]
