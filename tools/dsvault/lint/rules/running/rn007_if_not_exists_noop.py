from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.apply.indexes import index_of
from dsvault.lint.apply.tables import create_table
from dsvault.lint.catalog import Catalog, Key, Origin
from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tree import fingerprint, inner, range_name, same, type_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.lint.catalog import Table
    from dsvault.lint.scope import Scope


class IfNotExistsNoop(Rule):
    """IF NOT EXISTS of something that is there with another shape.

    Why: nothing happens, without an error: the new shape is never made.
    When not: the shapes are the same.
    Instead: ALTER what is there.
    """

    code = "RN007"
    classes = ("if-not-exists-noop",)
    severity = Severity.WARNING
    on = ("CreateStmt", "IndexStmt", "AlterTableStmt", "CreateTableAsStmt")
    setup = "CREATE TABLE notes (id int PRIMARY KEY);\n"
    bad = "CREATE TABLE IF NOT EXISTS notes (id int PRIMARY KEY, title text);\n"
    good = "ALTER TABLE notes ADD COLUMN IF NOT EXISTS title text;\n"
    claim = Claim(
        shows="SELECT count(*) = 0 FROM pg_attribute WHERE attrelid = 'notes'::regclass "
        "AND attname = 'title'"
    )

    def statement(self, scope: Scope) -> None:
        """Report what does nothing."""
        difference = _READERS[scope.kind]
        for what in difference(scope):
            scope.report(
                self,
                f"{what}: it is there with another shape, so nothing happens",
                "ALTER what is there.",
            )


def _of_table(scope: Scope) -> Iterator[str]:
    known = scope.catalog.table(scope.relation())
    if not scope.node.get("if_not_exists") or known is None or not known.is_known:
        return
    if "partbound" in scope.node or known.has_open_columns or known.origin.script is None:
        return
    trial = Catalog(types=scope.catalog.types, search_path=scope.catalog.search_path)
    create_table(trial, {**scope.node, "inhRelations": []}, Origin(scope.script, scope.start))
    new = trial.tables[scope.relation()]
    if new.has_open_columns:
        return
    old_shape, new_shape = _shape(known), _shape(new)
    if old_shape != new_shape and not set(new_shape.items()) <= set(old_shape.items()):
        yield f"table {qualified(known.name)}"


def _shape(table: Table) -> dict[object, object]:
    """Return what tells two tables of one name apart: columns, and what they demand of rows."""
    found: dict[object, object] = {c.name: (c.type, c.not_null) for c in table.columns.values()}
    for rule in table.of_kind("check", "unique", "primary", "foreign"):
        found[rule.kind, rule.columns, fingerprint(rule.expression)] = rule.ref_table
    return found


def _of_view(scope: Scope) -> Iterator[str]:
    if scope.node.get("objtype") != "OBJECT_MATVIEW" or not scope.node.get("if_not_exists"):
        return
    view = scope.catalog.view(range_name(scope.node["into"]["rel"]))
    if view is not None and view.is_materialized and not same(view.query, scope.node["query"]):
        yield f"materialized view {qualified(view.name)}"


def _of_index(scope: Scope) -> Iterator[str]:
    new = index_of(scope.node, scope.relation(), Origin(scope.script, scope.start))
    known = scope.catalog.indexes.get((scope.relation()[0], new.name))
    if known is None or not scope.node.get("if_not_exists"):
        return
    same_keys = fingerprint([vars_of(k) for k in known.keys]) == fingerprint(
        [vars_of(k) for k in new.keys]
    )
    is_same = same_keys and known.table == new.table and known.is_unique == new.is_unique
    if not (is_same and same(known.where, new.where)):
        yield f"index {new.name}"


def vars_of(key: Key) -> list[object]:
    """Return what tells index elements apart."""
    return [key.column, key.expression, key.descending]


def _of_columns(scope: Scope) -> Iterator[str]:
    known = scope.catalog.table(scope.relation())
    for command in scope.commands("AT_AddColumn"):
        kind, fields = inner(command.get("def"))
        if not command.get("missing_ok") or known is None or kind != "ColumnDef":
            continue
        column = known.columns.get(fields.get("colname", ""))
        demands = {item["Constraint"].get("contype") for item in fields.get("constraints", ())}
        is_other = column is not None and (
            column.type != type_name(fields.get("typeName"))
            or ("CONSTR_NOTNULL" in demands and not column.not_null)
        )
        if column is not None and is_other and not column.is_serial:
            yield f"column {column.name} ({column.type})"


_READERS = {
    "CreateStmt": _of_table,
    "IndexStmt": _of_index,
    "AlterTableStmt": _of_columns,
    "CreateTableAsStmt": _of_view,
}
