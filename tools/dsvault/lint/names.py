"""What a statement makes, and what it needs to be there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dsvault.lint.tree import items_of, literal, name_of, range_name, strings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.lint.catalog import Catalog
    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Name, Node

_BUILT_IN_SCHEMAS = {"pg_catalog", "information_schema", "pg_temp", "pg_toast"}


class Reference(NamedTuple):
    """A thing by name, and where it is named."""

    thing: str  # relation, function, type, schema, role
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
    if scope.kind in {"DropStmt", "TransactionStmt", "VariableSetStmt"}:
        return
    catalog = scope.catalog
    if scope.kind == "CommentStmt":
        yield from _commented(scope)
        return
    own = made(catalog, scope.kind, scope.node)
    yield from _in_expressions(scope, own)
    if scope.kind == "CreateTrigStmt":
        name = catalog.qualify(name_of(strings(scope.node.get("funcname"))))
        yield Reference("function", name, scope.find_text(name[1]))
    is_now = scope.where != "function"
    if is_now and own is not None and own[1][0] not in {"", "public", *_BUILT_IN_SCHEMAS}:
        yield Reference("schema", ("", own[1][0]), scope.start)
    for spec in scope.node.get(_ROLES.get(scope.kind, ""), ()):
        name = ("", spec.get("RoleSpec", {}).get("rolename", ""))
        yield Reference("role", name, spec["RoleSpec"].get("location", scope.start))


def _in_expressions(scope: Scope, own: tuple[str, Name] | None) -> Iterator[Reference]:
    """Yield what the nodes of a statement name, but for what it makes itself."""
    catalog = scope.catalog
    temporary = {fields.get("ctename") for fields in scope.of_type("CommonTableExpr")}
    for fields in scope.of_type("RangeVar"):
        name = catalog.qualify(range_name(fields))
        is_own = own == ("relation", name) and fields is _target(scope.node)
        if not is_own and not _is_given(fields, temporary):
            yield Reference("relation", name, fields.get("location", scope.start))
    for fields in scope.of_type("FuncCall"):
        yield from _called(catalog, fields, fields.get("location", scope.start))
    for fields in scope.of_type("TypeName"):
        parts = strings(fields.get("names"))
        if parts and parts[0] not in _BUILT_IN_SCHEMAS:
            at = fields.get("location", scope.start)
            yield Reference("type", catalog.qualify(name_of(parts)), at)


def _called(catalog: Catalog, call: Node, at: int) -> Iterator[Reference]:
    """Yield the function of a call, and the sequence that it names."""
    parts = strings(call.get("funcname"))
    if parts[-1] in _OF_SEQUENCES and (text := literal((call.get("args") or [None])[0])):
        yield Reference("relation", catalog.qualify(name_of(text.split("."))), at)
    if parts[0] not in _BUILT_IN_SCHEMAS:
        yield Reference("function", catalog.qualify(name_of(parts)), at)


_ROLES = {"GrantStmt": "grantees", "CreatePolicyStmt": "roles", "AlterPolicyStmt": "roles"}
_OF_SEQUENCES = {"nextval", "setval", "currval"}


def _commented(scope: Scope) -> Iterator[Reference]:
    """Yield the relation that a COMMENT is about."""
    kind = scope.node.get("objtype")
    parts = strings(items_of(scope.node.get("object", {})))
    parts = parts[:-1] if kind == "OBJECT_COLUMN" else parts
    if parts and kind in {"OBJECT_TABLE", "OBJECT_COLUMN", "OBJECT_VIEW"}:
        yield Reference("relation", scope.catalog.qualify(name_of(parts)), scope.start)


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
    if thing == "schema":
        return name[1] in catalog.schemas
    if thing == "role":
        return name[1] in catalog.roles
    if thing == "type":
        return name in catalog.types or _is_known_table(catalog, name)
    return _is_known_table(catalog, name) or name in catalog.views or name in catalog.sequences


def _is_known_table(catalog: Catalog, name: Name) -> bool:
    table = catalog.tables.get(name)
    return table is not None and table.is_known
