from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tree import find, range_name

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Name


class PartitionOfDefaultLock(Rule):
    """CREATE TABLE … PARTITION OF, or ATTACH PARTITION, where a DEFAULT partition exists.

    Why: the DEFAULT partition is locked ACCESS EXCLUSIVE and read for rows that belong elsewhere.
    When not: it is known to be empty: then say so in an allow comment.
    Instead: make partitions ahead of time, and keep the DEFAULT partition empty.
    """

    code = "LK020"
    classes = ("partition-of-default-lock",)
    severity = Severity.WARNING
    on = ("CreateStmt", "AlterTableStmt")
    setup = (
        "CREATE TABLE logs (at date NOT NULL) PARTITION BY RANGE (at);\n"
        "CREATE TABLE logs_default PARTITION OF logs DEFAULT;\n"
    )
    bad = (
        "CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM ('2025-01-01') TO ('2025-02-01');\n"
    )
    good = "CREATE TABLE other (at date NOT NULL) PARTITION BY RANGE (at);\n"

    def statement(self, scope: Scope) -> None:
        """Report a partition beside a DEFAULT one."""
        parent = _parent(scope)
        for partition in scope.catalog.partitions_of(parent) if parent else ():
            if (partition.bound or {}).get("is_default") and scope.existing(partition.name):
                scope.report(
                    self,
                    f"locks and reads the DEFAULT partition {qualified(partition.name)}",
                    "Keep it empty, and make partitions before their rows come.",
                )


def _parent(scope: Scope) -> Name | None:
    """Return the table that gets a partition with a bound of its own, None if none does."""
    for command in scope.commands("AT_AttachPartition"):
        is_default = command["def"]["PartitionCmd"].get("bound", {}).get("is_default")
        return None if is_default else scope.relation()
    if "partbound" not in scope.node or scope.node["partbound"].get("is_default"):
        return None
    parents = [range_name(item) for item in find(scope.node.get("inhRelations"), "RangeVar")]
    return scope.catalog.qualify(parents[0])
