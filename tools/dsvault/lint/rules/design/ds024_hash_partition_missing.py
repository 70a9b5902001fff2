from __future__ import annotations

from math import lcm
from typing import TYPE_CHECKING

from dsvault.lint.partitions import PartitionRule, hashed
from dsvault.lint.rule import Claim
from dsvault.lint.scope import qualified

if TYPE_CHECKING:
    from dsvault.lint.scope import World


class HashPartitionMissing(PartitionRule):
    """Table partitioned by hash that lacks partitions for some remainders.

    Why: a share of all inserts fails, and which rows is a matter of chance.
    When not: the partitions of all remainders are made, by whatever script.
    Instead: one partition for each remainder from 0 to the modulus less one.
    """

    code = "DS024"
    classes = ("partition-incomplete-hash",)
    setup = "CREATE TABLE notes (id bigint NOT NULL) PARTITION BY HASH (id);\n"
    bad = (
        "CREATE TABLE n0 PARTITION OF notes FOR VALUES WITH (MODULUS 2, REMAINDER 0);\n"
        "INSERT INTO notes SELECT generate_series(1, 100);\n"
    )
    good = (
        "CREATE TABLE n0 PARTITION OF notes FOR VALUES WITH (MODULUS 2, REMAINDER 0);\n"
        "CREATE TABLE n1 PARTITION OF notes FOR VALUES WITH (MODULUS 2, REMAINDER 1);\n"
        "INSERT INTO notes SELECT generate_series(1, 100);\n"
    )
    claim = Claim(fails="23514")

    def finish(self, world: World) -> None:
        """Report tables that hold a part of the remainders only."""
        for table in world.catalog.tables.values():
            if table.strategy != "hash" or table.has_computed_partitions:
                continue
            if "partition" in world.catalog.computed:
                continue
            parts = hashed(world.catalog.partitions_of(table.name))
            whole = lcm(*(modulus for _, modulus, _ in parts))
            covered = sum(whole // modulus for _, modulus, _ in parts)
            if parts and covered < whole:
                for origin in (table.origin, self.place(world, parts[-1][0])):
                    world.report_origin(
                        self,
                        origin,
                        f"{len(parts)} partitions of {qualified(table.name)} take "
                        f"{round(100 * covered / whole)} % of the rows",
                        "Add a partition for each remainder.",
                    )
