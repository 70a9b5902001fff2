"""Which tables a statement locks so that reads or writes of others wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.apply.drops import dropped
from dsvault.lint.tree import name_of, range_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.lint.catalog import Catalog
    from dsvault.lint.tree import Name, Node

# Of ALTER TABLE: these take SHARE UPDATE EXCLUSIVE, beside which reads and writes go on.
_GENTLE = {
    "AT_ValidateConstraint",
    "AT_SetStatistics",
    "AT_ClusterOn",
    "AT_DropCluster",
    "AT_SetOptions",
    "AT_ResetOptions",
    "AT_SetRelOptions",
    "AT_ResetRelOptions",
}
# These take SHARE ROW EXCLUSIVE: reads go on, writes wait.
_NO_WRITES = {"AT_EnableTrig", "AT_DisableTrig", "AT_EnableTrigAll", "AT_DisableTrigAll"}


def strong_locks(catalog: Catalog, kind: str, node: Node) -> Iterator[Name]:
    """Yield the tables that the statement locks ACCESS EXCLUSIVE."""
    if kind == "AlterTableStmt" and node.get("objtype") == "OBJECT_TABLE":
        if any(_is_exclusive(item["AlterTableCmd"]) for item in node.get("cmds", ())):
            yield catalog.qualify(range_name(node["relation"]))
    elif kind == "RenameStmt" and node.get("renameType") in {"OBJECT_TABLE", "OBJECT_COLUMN"}:
        yield catalog.qualify(range_name(node["relation"]))
    elif kind == "DropStmt" and node.get("removeType") == "OBJECT_TABLE":
        yield from (catalog.qualify(name_of(parts)) for parts in dropped(node))
    elif kind == "TruncateStmt":
        for item in node.get("relations", ()):
            yield catalog.qualify(range_name(item["RangeVar"]))
    elif kind in {"CreatePolicyStmt", "AlterPolicyStmt"}:
        yield catalog.qualify(range_name(node["table"]))
    elif kind == "LockStmt" and node.get("mode", 8) == 8:
        for item in node.get("relations", ()):
            yield catalog.qualify(range_name(item["RangeVar"]))


def _is_exclusive(command: Node) -> bool:
    subtype = command.get("subtype", "")
    if subtype in _GENTLE or subtype in _NO_WRITES:
        return False
    if subtype in {"AT_DetachPartition", "AT_AttachPartition"}:
        return subtype == "AT_DetachPartition" and not (
            command.get("def", {}).get("PartitionCmd", {}).get("concurrent")
        )
    if subtype == "AT_AddConstraint":
        return bool(command["def"]["Constraint"].get("contype") != "CONSTR_FOREIGN")
    return True
