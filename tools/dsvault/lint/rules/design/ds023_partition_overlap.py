from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from dsvault.lint.partitions import PartitionRule, hashed, listed, ranges
from dsvault.lint.rule import Claim

if TYPE_CHECKING:
    from dsvault.lint.catalog import Table
    from dsvault.lint.scope import World


class PartitionOverlap(PartitionRule):
    """Partitions that both want the same values.

    Why: the script fails: partition would overlap.
    When not: the upper bound of one is the lower bound of the next, which is not part of it.
    Instead: let each range begin where the one before ends.
    """

    code = "DS023"
    classes = ("partition-overlap",)
    setup = "CREATE TABLE notes (written date NOT NULL) PARTITION BY RANGE (written);\n"
    bad = (
        "CREATE TABLE n1 PARTITION OF notes FOR VALUES FROM ('2026-01-01') TO ('2026-02-02');\n"
        "CREATE TABLE n2 PARTITION OF notes FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');\n"
    )
    good = bad.replace("2026-02-02", "2026-02-01")
    claim = Claim(fails="42P17")

    def finish(self, world: World) -> None:
        """Report partitions that PostgreSQL refuses."""
        for table in world.catalog.tables.values():
            parts = world.catalog.partitions_of(table.name) if table.strategy else []
            for one, other in _clashes(parts):
                world.report_origin(
                    self,
                    self.place(world, other),
                    f"wants values that {one.name[1]} holds",
                    "Let the ranges meet without overlap, and name each value once.",
                )


def _clashes(parts: list[Table]) -> list[tuple[Table, Table]]:
    found = [
        (one.table, other.table)
        for one, other in combinations(ranges(parts), 2)
        if one.lower < other.upper and other.lower < one.upper
    ]
    found += [(a, b) for (a, x), (b, y) in combinations(listed(parts), 2) if x & y]
    found += [
        (a, b)
        for (a, m, r), (b, n, s) in combinations(hashed(parts), 2)
        if r % min(m, n) == s % min(m, n) and max(m, n) % min(m, n) == 0
    ]
    default = [part for part in parts if (part.bound or {}).get("is_default")]
    return found + [(a, b) for a, b in combinations(default, 2)]
