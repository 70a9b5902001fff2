"""ALTER TABLE, command by command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.apply.tables import add_column, add_constraint, become_partition, ensure
from dsvault.lint.catalog import Origin, Table
from dsvault.lint.tree import option, option_text, range_name, type_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from dsvault.lint.catalog import Catalog
    from dsvault.lint.tree import Node


def alter_table(catalog: Catalog, node: Node, origin: Origin) -> None:
    """Apply every command of an ALTER TABLE, VIEW or INDEX."""
    if "relation" not in node:
        return
    if node.get("objtype") in {"OBJECT_VIEW", "OBJECT_MATVIEW"}:
        _alter_view(catalog, node, origin)
        return
    if node.get("objtype") == "OBJECT_SEQUENCE":
        return
    if node.get("objtype") == "OBJECT_INDEX":
        return
    name = range_name(node["relation"])
    if catalog.view(name) is not None:
        _alter_view(catalog, node, origin)
        return
    table = ensure(catalog, name, origin)
    for item in node.get("cmds", ()):
        command = item["AlterTableCmd"]
        effect = _COMMANDS.get(command.get("subtype", ""))
        if effect is not None:
            effect(catalog, table, command, origin)


def _alter_view(catalog: Catalog, node: Node, origin: Origin) -> None:
    view = catalog.view(range_name(node["relation"]))
    for item in node.get("cmds", ()):
        command = item["AlterTableCmd"]
        if view is None:
            continue
        if command.get("subtype") == "AT_ChangeOwner":
            view.owner = command.get("newowner", {}).get("rolename", "")
        options = command.get("def", {}).get("List", {}).get("items")
        value = option_text(option(options, "security_invoker"))
        if value is not None:
            is_set = command.get("subtype") == "AT_SetRelOptions"
            view.security_invoker = is_set and value.lower() in {"true", "on", "1", "yes"}
            view.altered = origin


def _add_column(catalog: Catalog, table: Table, command: Node, origin: Origin) -> None:
    node = command["def"]["ColumnDef"]
    if node.get("colname") in table.columns:
        return
    at = Origin(origin.script, node.get("location", origin.offset), origin.transaction)
    add_column(catalog, table, node, at)


def _drop_column(catalog: Catalog, table: Table, command: Node, _: Origin) -> None:
    name = command.get("name", "")
    table.columns.pop(name, None)
    gone = [c.name for c in table.constraints.values() if name in c.columns]
    for constraint in gone:
        _forget_constraint(catalog, table, constraint)
    for index in catalog.indexes_of(table.name):
        if any(key.column == name for key in index.keys):
            catalog.indexes.pop((table.name[0], index.name), None)


def _forget_constraint(catalog: Catalog, table: Table, name: str) -> None:
    if table.constraints.pop(name, None) is not None:
        catalog.indexes.pop((table.name[0], name), None)


def _add_constraint(catalog: Catalog, table: Table, command: Node, origin: Origin) -> None:
    add_constraint(catalog, table, command["def"]["Constraint"], origin)


def _drop_constraint(catalog: Catalog, table: Table, command: Node, _: Origin) -> None:
    _forget_constraint(catalog, table, command.get("name", ""))


def _validate(catalog: Catalog, table: Table, command: Node, _: Origin) -> None:
    constraint = table.constraints.get(command.get("name", ""))
    if constraint is not None:
        constraint.is_valid = True


def _column_type(catalog: Catalog, table: Table, command: Node, _: Origin) -> None:
    column = table.columns.get(command.get("name", ""))
    if column is not None:
        column.type = type_name(command["def"]["ColumnDef"].get("typeName"))


def _column_default(catalog: Catalog, table: Table, command: Node, _: Origin) -> None:
    column = table.columns.get(command.get("name", ""))
    if column is not None:
        column.default = command.get("def")


def _set_not_null(*, value: bool) -> Callable[[Catalog, Table, Node, Origin], None]:
    def effect(_: Catalog, table: Table, command: Node, origin: Origin) -> None:
        column = table.columns.get(command.get("name", ""))
        if column is not None:
            column.not_null = value

    return effect


def _flag(name: str, *, value: bool) -> Callable[[Catalog, Table, Node, Origin], None]:
    def effect(_: Catalog, table: Table, command: Node, origin: Origin) -> None:
        setattr(table, name, value)

    return effect


def _identity(catalog: Catalog, table: Table, command: Node, _: Origin) -> None:
    column = table.columns.get(command.get("name", ""))
    if column is not None:
        column.is_identity = column.not_null = True


def _owner(catalog: Catalog, table: Table, command: Node, _: Origin) -> None:
    table.owner = command.get("newowner", {}).get("rolename", "")


def _attach(catalog: Catalog, table: Table, command: Node, origin: Origin) -> None:
    part = command["def"]["PartitionCmd"]
    child = ensure(catalog, range_name(part["name"]), origin)
    become_partition(catalog, child, table.name, part.get("bound", {}))


def _detach(catalog: Catalog, table: Table, command: Node, _: Origin) -> None:
    child = catalog.table(range_name(command["def"]["PartitionCmd"]["name"]))
    if child is not None:
        child.parent = child.bound = None


_COMMANDS: dict[str, Callable[[Catalog, Table, Node, Origin], None]] = {
    "AT_AddColumn": _add_column,
    "AT_DropColumn": _drop_column,
    "AT_AddConstraint": _add_constraint,
    "AT_DropConstraint": _drop_constraint,
    "AT_ValidateConstraint": _validate,
    "AT_AlterColumnType": _column_type,
    "AT_ColumnDefault": _column_default,
    "AT_SetNotNull": _set_not_null(value=True),
    "AT_DropNotNull": _set_not_null(value=False),
    "AT_AddIdentity": _identity,
    "AT_EnableRowSecurity": _flag("has_rls", value=True),
    "AT_DisableRowSecurity": _flag("has_rls", value=False),
    "AT_ForceRowSecurity": _flag("is_forced", value=True),
    "AT_NoForceRowSecurity": _flag("is_forced", value=False),
    "AT_ChangeOwner": _owner,
    "AT_AttachPartition": _attach,
    "AT_DetachPartition": _detach,
}

EFFECTS = {"AlterTableStmt": alter_table}
