"""DROP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.apply.functions import functions_meant
from dsvault.lint.tree import items_of, name_of, strings

if TYPE_CHECKING:
    from dsvault.lint.catalog import Catalog, Origin
    from dsvault.lint.tree import Name, Node

FUNCTIONS = ("OBJECT_FUNCTION", "OBJECT_PROCEDURE", "OBJECT_ROUTINE", "OBJECT_AGGREGATE")


def dropped(node: Node) -> list[list[str]]:
    """Return the dotted names of what a DROP names."""
    found = []
    for item in node.get("objects", ()):
        if "ObjectWithArgs" in item:
            found.append(strings(item["ObjectWithArgs"].get("objname")))
        elif "TypeName" in item:
            found.append(strings(item["TypeName"].get("names")))
        else:
            found.append(strings(items_of(item)))
    return found


def drop(catalog: Catalog, node: Node, _: Origin) -> None:
    """Forget what is dropped, with what cannot live without it."""
    kind = node.get("removeType")
    if kind in FUNCTIONS:
        for item in node.get("objects", ()):
            for function in list(functions_meant(catalog, item.get("ObjectWithArgs", {}))):
                catalog.functions[function.name].remove(function)
        return
    for parts in dropped(node):
        if kind in {"OBJECT_POLICY", "OBJECT_TRIGGER", "OBJECT_RULE"}:
            _drop_part(catalog, kind, parts)
        elif parts:
            _drop_object(catalog, kind, parts)


def _drop_part(catalog: Catalog, kind: str, parts: list[str]) -> None:
    table = catalog.table(name_of(parts[:-1]))
    if table is not None:
        (table.policies if kind == "OBJECT_POLICY" else table.triggers).pop(parts[-1], None)


def _drop_object(catalog: Catalog, kind: str | None, parts: list[str]) -> None:
    name = catalog.qualify(name_of(parts))
    if kind in {"OBJECT_TABLE", "OBJECT_FOREIGN_TABLE"}:
        forget_table(catalog, name)
    elif kind in {"OBJECT_VIEW", "OBJECT_MATVIEW"}:
        catalog.views.pop(name, None)
    elif kind == "OBJECT_INDEX":
        catalog.indexes.pop(name, None)
    elif kind in {"OBJECT_TYPE", "OBJECT_DOMAIN"}:
        catalog.types.pop(name, None)
    elif kind == "OBJECT_SEQUENCE":
        catalog.sequences.pop(name, None)
    elif kind == "OBJECT_SCHEMA":
        _forget_schema(catalog, parts[-1])
    elif kind == "OBJECT_EXTENSION":
        catalog.extensions.pop(parts[-1], None)


def forget_table(catalog: Catalog, name: Name) -> None:
    """Forget a table with its indexes, grants and partitions, and the keys that point to it."""
    if catalog.tables.pop(name, None) is None:
        return
    for partition in [t.name for t in catalog.tables.values() if t.parent == name]:
        forget_table(catalog, partition)
    for key in [key for key, index in catalog.indexes.items() if index.table == name]:
        del catalog.indexes[key]
    catalog.grants = [g for g in catalog.grants if g.kind != "table" or g.object != name]
    for table in catalog.tables.values():
        for constraint in table.of_kind("foreign"):
            if constraint.ref_table == name:
                del table.constraints[constraint.name]


def _forget_schema(catalog: Catalog, schema: str) -> None:
    catalog.schemas.pop(schema, None)
    for name in [name for name in catalog.tables if name[0] == schema]:
        forget_table(catalog, name)
    for group in (catalog.views, catalog.types, catalog.functions, catalog.indexes):
        for name in [name for name in group if name[0] == schema]:
            del group[name]


def drop_role(catalog: Catalog, node: Node, _: Origin) -> None:
    """Forget roles."""
    for item in node.get("roles", ()):
        catalog.roles.pop(item.get("RoleSpec", {}).get("rolename", ""), None)


EFFECTS = {"DropStmt": drop, "DropRoleStmt": drop_role}
