from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified

if TYPE_CHECKING:
    from dsvault.lint.scope import World


class PartitionKeyNotInUnique(Rule):
    """Unique key of a partitioned table that lacks a column of the partition key.

    Why: the script fails: each partition could only look at itself.
    When not: the key contains every column that the table is partitioned by.
    Instead: add the missing columns to the key.
    """

    code = "DS021"
    classes = ("partition-key-not-in-unique",)
    bad = (
        "CREATE TABLE notes (id bigint PRIMARY KEY, written date NOT NULL)\n"
        "    PARTITION BY RANGE (written);\n"
    )
    good = (
        "CREATE TABLE notes (id bigint, written date NOT NULL, PRIMARY KEY (id, written))\n"
        "    PARTITION BY RANGE (written);\n"
    )
    claim = Claim(fails="0A000")

    def finish(self, world: World) -> None:
        """Report keys that PostgreSQL refuses."""
        for index in world.catalog.indexes.values():
            table = world.catalog.tables.get(index.table)
            if table is None or not table.strategy or not index.is_unique:
                continue
            if None in table.partition_key:
                world.report_origin(
                    self,
                    index.origin,
                    f"{qualified(table.name)} is partitioned by an expression: no unique key of it",
                    "Partition by a column, or make keys of single partitions.",
                )
                continue
            missing = set(filter(None, table.partition_key)) - {key.column for key in index.keys}
            if missing:
                world.report_origin(
                    self,
                    index.origin,
                    f"lacks {min(missing)}, by which {qualified(table.name)} is partitioned",
                    "Add the columns of the partition key.",
                )
