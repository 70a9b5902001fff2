"""RENAME and SET SCHEMA."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.catalog import Key
from dsvault.lint.tree import range_name

if TYPE_CHECKING:
    from dsvault.lint.catalog import Catalog, Origin, Table
    from dsvault.lint.tree import Name, Node


def rename(catalog: Catalog, node: Node, _: Origin) -> None:
    """Apply a rename to what is known."""
    kind = node.get("renameType")
    if "relation" not in node:
        return
    name = catalog.qualify(range_name(node["relation"]))
    new = node.get("newname", "")
    if kind == "OBJECT_TABLE":
        _move(catalog, name, (name[0], new))
    elif kind == "OBJECT_INDEX" and name in catalog.indexes:
        index = catalog.indexes.pop(name)
        index.name = new
        catalog.indexes[(name[0], new)] = index
    elif name in catalog.tables:
        _rename_part(catalog, catalog.tables[name], kind, node.get("subname", ""), new)


def _rename_part(catalog: Catalog, table: Table, kind: str | None, old: str, new: str) -> None:
    if kind == "OBJECT_COLUMN" and old in table.columns:
        column = table.columns.pop(old)
        column.name = new
        table.columns[new] = column
        for constraint in table.constraints.values():
            constraint.columns = tuple(new if c == old else c for c in constraint.columns)
        for index in catalog.indexes_of(table.name):
            index.keys = tuple(
                Key(new, k.expression, k.descending, k.opclass) if k.column == old else k
                for k in index.keys
            )
    elif kind == "OBJECT_TABCONSTRAINT" and old in table.constraints:
        constraint = table.constraints.pop(old)
        constraint.name = new
        table.constraints[new] = constraint
    elif kind == "OBJECT_POLICY" and old in table.policies:
        policy = table.policies.pop(old)
        policy.name = new
        table.policies[new] = policy
    elif kind == "OBJECT_TRIGGER" and old in table.triggers:
        table.triggers[new] = table.triggers.pop(old)


def _move(catalog: Catalog, old: Name, new: Name) -> None:  # noqa: C901 - one line a place
    """Give a table or view another name, wherever it is spoken of."""
    if old in catalog.views:
        view = catalog.views.pop(old)
        view.name = new
        catalog.views[new] = view
    if old not in catalog.tables:
        return
    table = catalog.tables.pop(old)
    table.name = new
    catalog.tables[new] = table
    for index in catalog.indexes.values():
        if index.table == old:
            index.table = new
    for policy in table.policies.values():
        policy.table = new
    for trigger in table.triggers.values():
        trigger.table = new
    for other in catalog.tables.values():
        other.parent = new if other.parent == old else other.parent
        for constraint in other.constraints.values():
            if constraint.ref_table == old:
                constraint.ref_table = new
    for grant in catalog.grants:
        if grant.object == old:
            grant.object = new


def set_schema(catalog: Catalog, node: Node, _: Origin) -> None:
    """Apply SET SCHEMA to a table or view."""
    if "relation" in node:
        name = catalog.qualify(range_name(node["relation"]))
        _move(catalog, name, (node.get("newschema", ""), name[1]))


EFFECTS = {"RenameStmt": rename, "AlterObjectSchemaStmt": set_schema}
