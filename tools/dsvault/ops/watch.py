"""What a change does to the tables around it, as seen in the transaction that rehearses it.

Locks are read from pg_locks after each change, rewrites from the files of relations, scans from the
transaction's own statistics. A lock is held until the transaction ends, so it counts for the first
change that takes it. What the run itself made is nobody else's affair and is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsvault.queries import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsvault.db import Session

# From the weakest to the strongest, with what others cannot do meanwhile.
MODES = {
    "AccessShareLock": ("ACCESS SHARE", "blocks nobody but ACCESS EXCLUSIVE"),
    "RowShareLock": ("ROW SHARE", "blocks nobody but EXCLUSIVE and above"),
    "RowExclusiveLock": ("ROW EXCLUSIVE", "blocks index builds and other changes of the table"),
    "ShareUpdateExclusiveLock": ("SHARE UPDATE EXCLUSIVE", "blocks vacuum and other changes"),
    "ShareLock": ("SHARE", "blocks writes"),
    "ShareRowExclusiveLock": ("SHARE ROW EXCLUSIVE", "blocks writes"),
    "ExclusiveLock": ("EXCLUSIVE", "blocks writes and SELECT FOR UPDATE"),
    "AccessExclusiveLock": ("ACCESS EXCLUSIVE", "blocks reads and writes"),
}
_STRENGTH = {mode: number for number, mode in enumerate(MODES)}


@dataclass(frozen=True, slots=True)
class Lock:
    """The strongest lock that a change takes on a relation."""

    relation: str
    mode: str
    blocks: str


@dataclass(frozen=True, slots=True)
class Scan:
    """A table that a change reads from end to end, and how many rows it read."""

    relation: str
    rows: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What a change does to relations that were there before the run."""

    locks: tuple[Lock, ...] = ()
    rewrites: tuple[str, ...] = ()
    scans: tuple[Scan, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return it as the keys of one JSON object."""
        return {
            "locks": [
                {"relation": lock.relation, "mode": lock.mode, "blocks": lock.blocks}
                for lock in self.locks
            ],
            "rewrites": list(self.rewrites),
            "scans": [{"relation": scan.relation, "rows": scan.rows} for scan in self.scans],
        }


@dataclass(frozen=True, slots=True)
class _Relation:
    oid: int
    name: str
    file: int | None


@dataclass(frozen=True, slots=True)
class _Touched:
    """A relation that the transaction has a lock on. Counts are of the transaction so far."""

    oid: int
    modes: Sequence[str]
    file: int | None
    scans: int
    rows: int


class Watch:
    """Looks at one session's transaction after each change. It begins where it is made."""

    def __init__(self, session: Session) -> None:
        self._session = session
        found = session.fetch(_Relation, load("watch/relations"), session.target.registry)
        self._names = {relation.oid: relation.name for relation in found}
        self._files = {relation.oid: relation.file for relation in found}
        self._before: dict[int, _Touched] = {}

    def look(self) -> Seen:
        """Return what happened since the last look."""
        touched = [
            item
            for item in self._session.fetch(_Touched, load("watch/touched"))
            if item.oid in self._names
        ]
        seen = Seen(
            tuple(sorted(self._locks(touched), key=_by_strength)),
            tuple(sorted(self._rewrites(touched))),
            tuple(sorted(self._scans(touched), key=lambda scan: (-scan.rows, scan.relation))),
        )
        self._before = {item.oid: item for item in touched}
        self._files |= {item.oid: item.file for item in touched}
        return seen

    def _locks(self, touched: Sequence[_Touched]) -> list[Lock]:
        locks = []
        for item in touched:
            earlier = self._before.get(item.oid)
            modes = set(item.modes) - set(earlier.modes if earlier else ())
            if modes:
                mode, blocks = MODES[max(modes, key=_STRENGTH.__getitem__)]
                locks.append(Lock(self._names[item.oid], mode, blocks))
        return locks

    def _rewrites(self, touched: Sequence[_Touched]) -> list[str]:
        return [
            self._names[item.oid]
            for item in touched
            if item.file is not None and item.file != self._files[item.oid]
        ]

    def _scans(self, touched: Sequence[_Touched]) -> list[Scan]:
        scans = []
        for item in touched:
            earlier = self._before.get(item.oid)
            if item.scans > (earlier.scans if earlier else 0):
                rows = item.rows - (earlier.rows if earlier else 0)
                scans.append(Scan(self._names[item.oid], rows))
        return scans


def _by_strength(lock: Lock) -> tuple[int, str]:
    order = [mode for mode, _ in MODES.values()]
    return -order.index(lock.mode), lock.relation
