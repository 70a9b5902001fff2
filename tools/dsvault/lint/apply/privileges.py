"""GRANT, REVOKE and default privileges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.apply.functions import functions_meant
from dsvault.lint.apply.security import role_names
from dsvault.lint.catalog import Grant
from dsvault.lint.tree import items_of, option, range_name, strings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.lint.catalog import Catalog, Function, Origin
    from dsvault.lint.tree import Name, Node

KINDS = {
    "OBJECT_TABLE": "table",
    "OBJECT_SEQUENCE": "sequence",
    "OBJECT_SCHEMA": "schema",
    "OBJECT_FUNCTION": "function",
    "OBJECT_PROCEDURE": "function",
    "OBJECT_ROUTINE": "function",
    "OBJECT_DATABASE": "database",
    "OBJECT_TYPE": "type",
    "OBJECT_DOMAIN": "type",
}
_ALL = ("select", "insert", "update", "delete", "truncate", "references", "trigger")


def grant(catalog: Catalog, node: Node, origin: Origin) -> None:
    """Apply GRANT or REVOKE on objects."""
    kind = KINDS.get(node.get("objtype", ""), "other")
    if kind == "function":
        _grant_functions(catalog, node, origin)
    for name in objects(catalog, node, kind):
        for grantee in role_names(node.get("grantees")):
            if node.get("is_grant"):
                catalog.grants += _given(node, kind, name, grantee, origin)
            else:
                _take(catalog, node, kind, name, grantee)


def privileges(node: Node, kind: str = "table") -> list[tuple[str, tuple[str, ...]]]:
    """Return the privileges that a GRANT names, each with its columns; ALL spelled out."""
    found = [
        (
            item["AccessPriv"].get("priv_name", "").lower(),
            tuple(strings(item["AccessPriv"].get("cols"))),
        )
        for item in node.get("privileges", ())
    ]
    if found and found[0][0]:
        return found
    columns = found[0][1] if found else ()
    return [(name, columns) for name in (_ALL if kind == "table" else ("all",))]


def objects(catalog: Catalog, node: Node, kind: str) -> Iterator[Name]:
    """Yield the names of the objects that a GRANT means."""
    if node.get("targtype") == "ACL_TARGET_ALL_IN_SCHEMA":
        schemas = strings(node.get("objects"))
        names = [*catalog.tables, *catalog.views] if kind == "table" else []
        if kind == "function":
            names = list(catalog.functions)
        yield from (name for name in names if name[0] in schemas)
        yield from ((schema, "*") for schema in schemas)
        return
    for item in node.get("objects", ()):
        if "RangeVar" in item:
            yield catalog.qualify(range_name(item["RangeVar"]))
        elif "String" in item:
            yield ("", item["String"].get("sval", ""))
        elif "ObjectWithArgs" in item:
            parts = strings(item["ObjectWithArgs"].get("objname"))
            yield catalog.qualify((parts[-2] if len(parts) > 1 else "", parts[-1]))


def _given(node: Node, kind: str, name: Name, grantee: str, origin: Origin) -> list[Grant]:
    return [
        Grant(privilege, kind, name, grantee, origin, columns, bool(node.get("grant_option")))
        for privilege, columns in privileges(node, kind)
    ]


def _take(catalog: Catalog, node: Node, kind: str, name: Name, grantee: str) -> None:
    taken = {privilege for privilege, _ in privileges(node, kind)}
    if node.get("grant_option"):
        return
    catalog.grants = [
        g
        for g in catalog.grants
        if not (
            g.kind == kind
            and (g.object == name or (name[1] == "*" and g.object[0] == name[0]))
            and g.grantee == grantee
            and (g.privilege in taken or "all" in taken)
        )
    ]


def _grant_functions(catalog: Catalog, node: Node, origin: Origin) -> None:
    """Note whether PUBLIC may execute the functions."""
    if "public" not in role_names(node.get("grantees")):
        return
    for function in _functions(catalog, node):
        function.public_may_execute = bool(node.get("is_grant"))
        function.changed["execute"] = origin


def _functions(catalog: Catalog, node: Node) -> Iterator[Function]:
    if node.get("targtype") == "ACL_TARGET_ALL_IN_SCHEMA":
        schemas = strings(node.get("objects"))
        yield from (f for f in catalog.all_functions() if f.name[0] in schemas)
        return
    for item in node.get("objects", ()):
        yield from functions_meant(catalog, item.get("ObjectWithArgs", {}))


def default_privileges(catalog: Catalog, node: Node, _: Origin) -> None:
    """Note what tables get from now on, and whether functions are closed to PUBLIC."""
    action = node.get("action", {})
    kind = KINDS.get(action.get("objtype", ""))
    grantees = role_names(action.get("grantees"))
    schemas = option(node.get("options"), "schemas")
    names = strings(items_of(schemas.get("arg", {}))) if schemas else [""]
    if kind == "function" and "public" in grantees and not schemas:
        # In one schema REVOKE takes nothing of what is given for all schemas.
        catalog.functions_closed = not action.get("is_grant")
    if kind == "table":
        for grantee in grantees:
            given = {(schema, word, grantee) for schema in names for word, _ in privileges(action)}
            kept = [item for item in catalog.defaults if item not in given]
            catalog.defaults = [*kept, *sorted(given)] if action.get("is_grant") else kept


def give_defaults(catalog: Catalog, name: Name, origin: Origin) -> None:
    """Give a table or view that is made what default privileges say."""
    for schema, privilege, grantee in catalog.defaults:
        if schema in {"", name[0]}:
            catalog.grants.append(Grant(privilege, "table", name, grantee, origin, is_default=True))


def grant_role(catalog: Catalog, node: Node, _: Origin) -> None:
    """Note who becomes a member of a role."""
    if node.get("is_grant"):
        catalog.members |= set(role_names(node.get("grantee_roles")))


EFFECTS = {
    "GrantStmt": grant,
    "AlterDefaultPrivilegesStmt": default_privileges,
    "GrantRoleStmt": grant_role,
}
