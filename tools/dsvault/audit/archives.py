"""What left the trail: which of a tenant's sealed entries are in files."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Archive:
    """A month of one tenant in a file, as the database has it.

    firsts and ends are ranges of places among all sealed entries of the tenant, from 1, the end not
    in it. is_told: the trail vouches for what is written down of all archives of the tenant.
    """

    tenant_id: str
    entry_id: str
    entry_count: int
    file_name: str
    file_hash: bytes
    firsts: Sequence[int]
    ends: Sequence[int]
    is_told: bool


class Places:
    """Places of entries that left, by tenant."""

    def __init__(self, archives: Iterable[Archive]) -> None:
        self._ranges: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for archive in archives:
            ranges = zip(archive.firsts, archive.ends, strict=True)
            self._ranges[archive.tenant_id] += ranges

    def within(self, tenant: str, before: int, count: int) -> Iterator[int]:
        """Yield those of `count` entries that left, from 0; `before` them are others."""
        found: set[int] = set()
        for first, end in self._ranges.get(tenant, ()):
            found.update(range(max(first - 1 - before, 0), min(end - 1 - before, count)))
        yield from sorted(found)
