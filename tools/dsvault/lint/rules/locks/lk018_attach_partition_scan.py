from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.partitions import lies_within
from dsvault.lint.rule import Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tree import columns_in, range_name

if TYPE_CHECKING:
    from dsvault.lint.catalog import Table
    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Node


class AttachPartitionScan(Rule):
    """ATTACH PARTITION of a table without a CHECK that matches its bound.

    Why: all rows are read under ACCESS EXCLUSIVE of the new partition to see whether they fit.
    When not: a validated CHECK on the partition key proves it; the table is made by the same
    script.
    Instead: ADD CONSTRAINT … CHECK (bound) NOT VALID, VALIDATE, ATTACH, then drop the CHECK.
    """

    code = "LK018"
    classes = ("attach-partition-scan",)
    on = ("AlterTableStmt",)
    setup = (
        "CREATE TABLE logs (at date NOT NULL) PARTITION BY RANGE (at);\n"
        "CREATE TABLE logs_old (at date NOT NULL);\n"
    )
    bad = (
        "ALTER TABLE logs ATTACH PARTITION logs_old "
        "FOR VALUES FROM ('2025-01-01') TO ('2025-02-01');\n"
    )
    good = (
        "ALTER TABLE logs_old ADD CONSTRAINT logs_old_at_check\n"
        "    CHECK (at >= '2025-01-01' AND at < '2025-02-01') NOT VALID;\n"
        "ALTER TABLE logs_old VALIDATE CONSTRAINT logs_old_at_check;\n"
        "ALTER TABLE logs ATTACH PARTITION logs_old "
        "FOR VALUES FROM ('2025-01-01') TO ('2025-02-01');\n"
    )

    def statement(self, scope: Scope) -> None:
        """Report ATTACH."""
        for command in scope.commands("AT_AttachPartition"):
            part = command["def"]["PartitionCmd"]
            name = scope.catalog.qualify(range_name(part["name"]))
            child = scope.catalog.table(name)
            parent = scope.catalog.table(scope.relation())
            bound = part.get("bound", {})
            if scope.is_new(name) or _is_proven(child, parent, bound):
                continue
            if bound.get("is_default") and parent and not scope.catalog.partitions_of(parent.name):
                continue
            scope.report(
                self,
                f"every row of {qualified(name)} is read under lock to see whether it fits",
                "First a validated CHECK that says the same as the bound.",
            )


def _is_proven(child: Table | None, parent: Table | None, bound: Node) -> bool:
    """Say whether a validated CHECK of the table speaks of the partition key and its bound."""
    if child is None:
        return False
    keys = set(parent.partition_key) if parent is not None else set()
    for check in child.of_kind("check"):
        columns = {names[-1] for names in columns_in(check.expression) if names}
        is_about = check.is_valid and (columns & keys or not keys)
        if is_about and lies_within(check.expression, bound):
            return True
    return False
