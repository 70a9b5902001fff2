"""The sealed trail, one range of transactions after the other: sealed_ranges(session, tenant_id).

All ranges are asked for at once, and the answers read as they are needed: planning a query over the
months of the trail takes as long as to read thousands of its entries. No more than one range is in
memory, and the seals of a few.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from dsvault.merkle import leaf_hash
from dsvault.ops.audit.reading import SealWithLists
from dsvault.queries import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dsvault.db import Session

_MOST = 10000  # entries, or seals, that vouch for what is read at once


@dataclass(frozen=True, slots=True)
class Range:
    """What was sealed at one time; entries are ids and leaf hashes by tenant, in order."""

    end: str
    seals: Sequence[SealWithLists]
    entries: dict[str, list[tuple[str, bytes]]]


@dataclass(frozen=True, slots=True)
class _Stop:
    end: str
    seals: int
    entries: int


@dataclass(frozen=True, slots=True)
class _Entry:
    tenant_id: str
    transaction: str
    id: str
    entry: str


def sealed_ranges(session: Session, tenant_id: str | None) -> Iterator[Range]:
    """Yield all ranges that were sealed, of one tenant or of all."""
    stops = session.fetch(_Stop, load("audit/ranges"), tenant_id)
    if not stops:
        return
    query = load("audit/entries")
    with (
        closing(session.stream(_Entry, query, tenant_id, stops[-1].end)) as rows,
        closing(
            session.stream(SealWithLists, load("audit/seals"), tenant_id, portions=_portions(stops))
        ) as seals,
    ):
        entries = _Entries(rows)
        for stop in stops:
            found = entries.below(int(stop.end))
            yield Range(stop.end, list(islice(seals, stop.seals)), found)


def _portions(stops: Iterable[_Stop]) -> Iterator[int]:
    """Yield how many seals to ask for each time, whole ranges of not too many entries."""
    seals = entries = 0
    for stop in stops:
        seals += stop.seals
        entries += stop.entries
        if max(seals, entries) >= _MOST:
            yield seals
            seals = entries = 0
    yield seals


class _Entries:
    """Entries in order of transaction, given out up to one transaction after the other."""

    def __init__(self, rows: Iterator[_Entry]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def below(self, transaction: int) -> dict[str, list[tuple[str, bytes]]]:
        """Return what comes before a transaction, by tenant."""
        found: dict[str, list[tuple[str, bytes]]] = {}
        while (row := self._next) is not None and int(row.transaction) < transaction:
            found.setdefault(row.tenant_id, []).append((row.id, leaf_hash(row.entry.encode())))
            self._next = next(self._rows, None)
        return found
