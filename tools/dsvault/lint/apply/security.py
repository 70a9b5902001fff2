"""Policies and roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.apply.tables import ensure
from dsvault.lint.catalog import Policy, Role
from dsvault.lint.tenancy import note_session_columns
from dsvault.lint.tree import option_text, range_name

if TYPE_CHECKING:
    from dsvault.lint.catalog import Catalog, Origin
    from dsvault.lint.tree import Node

_NAMES = {
    "ROLESPEC_PUBLIC": "public",
    "ROLESPEC_CURRENT_USER": "current_user",
    "ROLESPEC_CURRENT_ROLE": "current_role",
    "ROLESPEC_SESSION_USER": "session_user",
}


def role_of(node: Node) -> str:
    """Return the role that CREATE ROLE or ALTER ROLE is about."""
    role = node.get("role", "")
    return str(role.get("rolename", "the role") if isinstance(role, dict) else role)


def role_names(specs: list[Node] | None) -> tuple[str, ...]:
    """Return the names of role specifications; PUBLIC is public."""
    found = []
    for item in specs or ():
        spec = item.get("RoleSpec", {})
        found.append(spec.get("rolename") or _NAMES.get(spec.get("roletype", ""), ""))
    return tuple(found)


def create_policy(catalog: Catalog, node: Node, origin: Origin) -> None:
    """Note a policy."""
    table = ensure(catalog, range_name(node["table"]), origin)
    policy = policy_of(node, table.name, origin)
    table.policies[policy.name] = policy
    note_session_columns(catalog, policy)


def policy_of(node: Node, table: tuple[str, str], origin: Origin) -> Policy:
    """Return what a CREATE POLICY makes."""
    return Policy(
        node.get("policy_name", ""),
        table,
        origin,
        is_permissive=bool(node.get("permissive")),
        command=node.get("cmd_name", "all"),
        roles=role_names(node.get("roles")) or ("public",),
        using=node.get("qual"),
        check=node.get("with_check"),
    )


def alter_policy(catalog: Catalog, node: Node, origin: Origin) -> None:
    """Apply ALTER POLICY."""
    table = catalog.table(range_name(node["table"]))
    policy = table.policies.get(node.get("policy_name", "")) if table else None
    if policy is None:
        return
    policy.using = node.get("qual", policy.using)
    policy.check = node.get("with_check", policy.check)
    policy.roles = role_names(node.get("roles")) or policy.roles
    _ = origin


def create_role(catalog: Catalog, node: Node, origin: Origin) -> None:
    """Note a role."""
    role = catalog.roles.setdefault(node.get("role", ""), Role(node.get("role", ""), origin))
    if any(item["DefElem"].get("defname") == "addroleto" for item in node.get("options", ())):
        catalog.members.add(role.name)
    _attributes(role, node)


def alter_role(catalog: Catalog, node: Node, origin: Origin) -> None:
    """Apply ALTER ROLE."""
    name = node.get("role", {}).get("rolename", "")
    _attributes(catalog.roles.setdefault(name, Role(name, origin, is_known=False)), node)


def _attributes(role: Role, node: Node) -> None:
    for item in node.get("options", ()):
        element = item["DefElem"]
        role.attributes[element.get("defname", "")] = option_text(element) or ""


EFFECTS = {
    "CreatePolicyStmt": create_policy,
    "AlterPolicyStmt": alter_policy,
    "CreateRoleStmt": create_role,
    "AlterRoleStmt": alter_role,
}
