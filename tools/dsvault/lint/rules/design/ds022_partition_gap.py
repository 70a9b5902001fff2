from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.partitions import PartitionRule, ranges, show
from dsvault.lint.rule import Claim

if TYPE_CHECKING:
    from dsvault.lint.scope import World


class PartitionGap(PartitionRule):
    """Range partitions between which values have no place.

    Why: an insert between them fails: no partition found for row.
    When not: there is a DEFAULT partition.
    Instead: let each range begin where the one before ends.
    """

    code = "DS022"
    classes = ("partition-gap",)
    severity = Severity.WARNING
    setup = "CREATE TABLE notes (written date NOT NULL) PARTITION BY RANGE (written);\n"
    bad = (
        "CREATE TABLE n1 PARTITION OF notes FOR VALUES FROM ('2026-01-01') TO ('2026-01-31');\n"
        "CREATE TABLE n2 PARTITION OF notes FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');\n"
        "INSERT INTO notes VALUES ('2026-01-31');\n"
    )
    good = bad.replace("TO ('2026-01-31')", "TO ('2026-02-01')")
    claim = Claim(fails="23514")

    def finish(self, world: World) -> None:
        """Report ranges that do not meet."""
        for table in world.catalog.tables.values():
            if table.strategy != "range" or table.has_computed_partitions:
                continue
            parts = world.catalog.partitions_of(table.name)
            if any((part.bound or {}).get("is_default") for part in parts):
                continue
            found = ranges(parts)
            for before, after in pairwise(found):
                if before.upper < after.lower:
                    for origin in (self.place(world, r.table) for r in (after, before)):
                        world.report_origin(
                            self,
                            origin,
                            f"nothing holds what is between {show(before.upper)} and "
                            f"{show(after.lower)}",
                            "Let the range begin where the one before ends.",
                        )
