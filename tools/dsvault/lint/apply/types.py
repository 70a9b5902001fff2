"""Types, and settings that change how names are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.catalog import Type
from dsvault.lint.tree import literal, name_of, range_name, strings, type_name

if TYPE_CHECKING:
    from dsvault.lint.catalog import Catalog, Origin
    from dsvault.lint.tree import Node


def create_enum(catalog: Catalog, node: Node, origin: Origin) -> None:
    """Note an enum."""
    name = catalog.qualify(name_of(strings(node.get("typeName"))))
    catalog.types.setdefault(name, Type(name, origin, "enum", strings(node.get("vals"))))


def alter_enum(catalog: Catalog, node: Node, origin: Origin) -> None:
    """Apply ALTER TYPE … ADD VALUE."""
    name = catalog.qualify(name_of(strings(node.get("typeName"))))
    kind = catalog.types.setdefault(name, Type(name, origin, "enum", []))
    if "newVal" in node and "oldVal" not in node:
        kind.values.append(node["newVal"])
        kind.added[node["newVal"]] = origin.transaction


def create_domain(catalog: Catalog, node: Node, origin: Origin) -> None:
    """Note a domain."""
    name = catalog.qualify(name_of(strings(node.get("domainname"))))
    kind = Type(name, origin, "domain", base=type_name(node.get("typeName")))
    for item in node.get("constraints", ()):
        contype = item["Constraint"].get("contype")
        kind.not_null = kind.not_null or contype == "CONSTR_NOTNULL"
        kind.checks += contype == "CONSTR_CHECK"
    catalog.types.setdefault(name, kind)


def alter_domain(catalog: Catalog, node: Node, _: Origin) -> None:
    """Apply ALTER DOMAIN … ADD CONSTRAINT."""
    kind = catalog.types.get(catalog.qualify(name_of(strings(node.get("typeName")))))
    if kind is None:
        return
    match node.get("subtype"):
        case "C":
            kind.checks += 1
        case "O":
            kind.not_null = True
        case "N":
            kind.not_null = False


def create_composite(catalog: Catalog, node: Node, origin: Origin) -> None:
    """Note a composite type."""
    name = catalog.qualify(range_name(node["typevar"]))
    catalog.types.setdefault(name, Type(name, origin, "composite"))


def create_other(catalog: Catalog, node: Node, origin: Origin) -> None:
    """Note a range type, or one of CREATE TYPE's base kinds."""
    parts = strings(node.get("typeName") or node.get("defnames"))
    if node.get("kind", "OBJECT_TYPE") == "OBJECT_TYPE" and parts:
        name = catalog.qualify(name_of(parts))
        catalog.types.setdefault(name, Type(name, origin, "range"))


def set_variable(catalog: Catalog, node: Node, _: Origin) -> None:
    """Note a search_path, in whose first schema names are then made."""
    if node.get("name") != "search_path" or node.get("kind") != "VAR_SET_VALUE":
        return
    names = [literal(item) or "" for item in node.get("args", ())]
    first = names[0].split(",")[0].strip().strip('"') if names else ""
    catalog.search_path = first if first and first not in {"$user", "pg_catalog"} else "public"


EFFECTS = {
    "CreateEnumStmt": create_enum,
    "AlterEnumStmt": alter_enum,
    "CreateDomainStmt": create_domain,
    "AlterDomainStmt": alter_domain,
    "CompositeTypeStmt": create_composite,
    "CreateRangeStmt": create_other,
    "DefineStmt": create_other,
    "VariableSetStmt": set_variable,
}
