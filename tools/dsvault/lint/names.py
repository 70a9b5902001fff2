"""What a statement makes, and what it needs to be there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dsvault.lint.tree import name_of, range_name, strings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.lint.catalog import Catalog
    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Name, Node

_BUILT_IN_SCHEMAS = {"pg_catalog", "information_schema", "pg_temp", "pg_toast"}


class Reference(NamedTuple):
    """A thing by name, and where it is named."""

    thing: str  # relation, function, type
    name: Name
    offset: int


def made(  # noqa: PLR0911 - a case each
    catalog: Catalog, kind: str, node: Node
) -> tuple[str, Name] | None:
    """Return what a statement makes: a kind of thing and its full name. None if nothing."""
    match kind:
        case "CreateStmt":
            return "relation", catalog.qualify(range_name(node["relation"]))
        case "CreateTableAsStmt":
            return "relation", catalog.qualify(range_name(node["into"]["rel"]))
        case "ViewStmt":
            return "relation", catalog.qualify(range_name(node["view"]))
        case "CreateSeqStmt":
            return "relation", catalog.qualify(range_name(node["sequence"]))
        case "CreateFunctionStmt":
            return "function", catalog.qualify(name_of(strings(node.get("funcname"))))
        case "CreateEnumStmt" | "CreateRangeStmt":
            return "type", catalog.qualify(name_of(strings(node.get("typeName"))))
        case "CreateDomainStmt":
            return "type", catalog.qualify(name_of(strings(node.get("domainname"))))
        case "CompositeTypeStmt":
            return "type", catalog.qualify(range_name(node["typevar"]))
        case _:
            return None


def references(scope: Scope) -> Iterator[Reference]:
    """Yield the relations, functions and types that a statement needs to be there."""
    if scope.kind in {"DropStmt", "CommentStmt", "TransactionStmt", "VariableSetStmt"}:
        return
    catalog = scope.catalog
    own = made(catalog, scope.kind, scope.node)
    temporary = {f.get("ctename") for kind, f in scope.nodes if kind == "CommonTableExpr"}
    for kind, fields in scope.nodes:
        if kind == "RangeVar" and not _is_given(fields, temporary):
            name = catalog.qualify(range_name(fields))
            if own is None or own != ("relation", name) or fields is not _target(scope.node):
                yield Reference("relation", name, fields.get("location", scope.start))
        elif kind == "FuncCall":
            parts = strings(fields.get("funcname"))
            if parts[0] not in _BUILT_IN_SCHEMAS:
                at = fields.get("location", scope.start)
                yield Reference("function", catalog.qualify(name_of(parts)), at)
        elif kind == "TypeName":
            parts = strings(fields.get("names"))
            if parts and parts[0] not in _BUILT_IN_SCHEMAS:
                at = fields.get("location", scope.start)
                yield Reference("type", catalog.qualify(name_of(parts)), at)
    if scope.kind == "CreateTrigStmt":
        name = catalog.qualify(name_of(strings(scope.node.get("funcname"))))
        yield Reference("function", name, scope.find_text(name[1]))


def _target(node: Node) -> Node | None:
    for key in ("relation", "view", "sequence", "typevar"):
        if key in node and "relname" in node[key]:
            found: Node = node[key]
            return found
    return None


def _is_given(fields: Node, temporary: set[str | None]) -> bool:
    """Say whether a name is of the query itself, or of the server."""
    schema, name = fields.get("schemaname", ""), fields.get("relname", "")
    if schema in _BUILT_IN_SCHEMAS:
        return True
    return not schema and (name in temporary or name.startswith("pg_") or name in {"new", "old"})


def is_known(catalog: Catalog, thing: str, name: Name) -> bool:
    """Say whether the text so far makes the thing."""
    if thing == "function":
        return bool(catalog.functions.get(name))
    if thing == "type":
        return name in catalog.types or _is_known_table(catalog, name)
    return _is_known_table(catalog, name) or name in catalog.views or name in catalog.sequences


def _is_known_table(catalog: Catalog, name: Name) -> bool:
    table = catalog.tables.get(name)
    return table is not None and table.is_known
