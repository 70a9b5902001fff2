"""Partitions that a DO block makes in a counting loop, which the SQL parser does not look into."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.coverage.items import Item, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

_RANGE = re.compile(r"\bFOR\s+(\w+)\s+IN\s+(\d+)\.\.(\d+)\s+LOOP\b", re.IGNORECASE)
_TEMPLATE = re.compile(
    r"CREATE TABLE IF NOT EXISTS (?P<name>\S+) PARTITION OF (?P<parent>\S+) "
    r"FOR VALUES WITH \(MODULUS (?P<modulus>\d+), REMAINDER %s\)'(?P<arguments>[^;]*)"
)
_PREFIX = re.compile(r"'(\w+)' \|\| \w+")


def read_loop(body: str, schema: str) -> Iterator[Item]:
    """Yield the hash partitions that a loop over `CREATE TABLE … REMAINDER %s` makes.

    Their names are either written into the template (`records_p%s`) or put together beside it
    (`'records_p' || i`).
    """
    counted = _RANGE.search(body)
    template = _TEMPLATE.search(" ".join(body.split()))
    if counted is None or template is None:
        return
    name = template["name"].removeprefix(f"{schema}.")
    joined = _PREFIX.search(template["arguments"])
    prefix = joined[1] if joined else name.removesuffix("%s")
    parent = template["parent"].removeprefix(f"{schema}.")
    for number in range(int(counted[2]), int(counted[3]) + 1):
        bound = f"FOR VALUES WITH (MODULUS {template['modulus']}, REMAINDER {number})"
        yield Item(Kind.PARTITION, f"{prefix}{number}", parent, f"PARTITION OF {parent} {bound}")
