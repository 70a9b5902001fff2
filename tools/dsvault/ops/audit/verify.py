"""Verify the trail: every seal, every entry that one vouches for, and what else is given.

verify_trail(target, Reader(tenant_id=…), checkpoint, paths) -> Verification

Entries that left for files are looked for in paths, files of archived months or folders of them.
All hashes are computed here; a database whose functions were replaced deceives nobody.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dsvault.audit.archives import Archive, Places
from dsvault.audit.seals import Finding, Seal, examine_entries, examine_seal
from dsvault.ops.audit.filecheck import FileCheck
from dsvault.ops.audit.ranges import sealed_ranges
from dsvault.ops.audit.reading import reading
from dsvault.queries import load

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from dsvault.audit.checkpoint import Checkpoint
    from dsvault.db import Session
    from dsvault.ops.audit.ranges import Range
    from dsvault.ops.audit.reading import Reader
    from dsvault.target import Target

NO_SEAL = "slipped in: below what is sealed, and in no seal"
GONE = "history was replaced: the checkpoint tells a seal that is not there"
OTHER = "history was replaced: the checkpoint tells this seal otherwise"
UNTOLD = "what is written down of archives is not what the trail tells of them"


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of it. unsealed entries are those that no seal can vouch for yet.

    archived entries left for files; files tells how many entries each that was given proves.
    """

    seals: int
    entries: int
    archived: int
    unsealed: int
    findings: Sequence[Finding]
    signer: str | None = None
    files: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {
            "seals": self.seals,
            "entries": self.entries,
            "archived": self.archived,
            "files": dict(self.files),
            "unsealed": self.unsealed,
            "signer": self.signer,
            "findings": [finding.as_json() for finding in self.findings],
        }


@dataclass(frozen=True, slots=True)
class _Amount:
    amount: int


def verify_trail(
    target: Target,
    reader: Reader,
    checkpoint: Checkpoint | None = None,
    paths: Sequence[Path] = (),
) -> Verification:
    """Compare what is there with what was sealed, with a checkpoint, and with files.

    :raises dsvault.audit.errors.AuditError: the trail, or a file, cannot be read.
    """
    with reading(target, reader) as session:
        return verify_in(session, reader, checkpoint, paths)


def verify_in(
    session: Session,
    reader: Reader,
    checkpoint: Checkpoint | None = None,
    paths: Sequence[Path] = (),
) -> Verification:
    """Do the same in the transaction of a session that may read the trail already."""
    archives = session.fetch(Archive, load("audit/archives"), reader.tenant_id)
    walk = _Walk(session, reader.tenant_id, checkpoint, archives)
    findings = list(walk.findings())
    files = FileCheck(session, reader.tenant_id, archives)
    findings += files.findings(paths)
    [unsealed] = session.fetch(_Amount, load("audit/unsealed"), reader.tenant_id, walk.end)
    return Verification(
        walk.seals,
        walk.entries,
        walk.archived,
        unsealed.amount,
        tuple(findings),
        checkpoint.public_key if checkpoint else None,
        files.proven,
    )


@dataclass(slots=True)
class _Walk:
    """One way through the trail, range by range."""

    session: Session
    tenant_id: str | None
    checkpoint: Checkpoint | None
    archives: Sequence[Archive]
    places: Places = field(init=False)
    seals: int = 0
    entries: int = 0
    archived: int = 0
    end: str = "0"
    last: dict[str, Seal] = field(default_factory=dict)
    wanted: dict[tuple[str, int], bytes] = field(default_factory=dict)
    before: Counter[str] = field(default_factory=Counter)

    def findings(self) -> Iterator[Finding]:
        """Yield everything that is not as it was sealed."""
        self.places = Places(self.archives)
        if self.checkpoint:
            self.wanted = {
                key: told
                for key, told in self.checkpoint.seals.items()
                if self.tenant_id in {None, key[0]}
            }
        for part in sealed_ranges(self.session, self.tenant_id):
            yield from self._range(part)
            self.end = part.end
        for tenant, number in self.wanted:
            yield Finding(tenant, number, None, GONE)
        for tenant in {one.tenant_id: None for one in self.archives if not one.is_told}:
            yield Finding(tenant, None, None, UNTOLD)

    def _range(self, part: Range) -> Iterator[Finding]:
        found = part.entries
        self.entries += sum(map(len, found.values()))
        for sealed in part.seals:
            seal = sealed.seal
            yield from self._seal(seal, sealed.ids, sealed.leaf_hashes)
            yield from examine_entries(
                seal,
                sealed.ids,
                sealed.leaf_hashes,
                found.pop(seal.tenant_id, []),
                self._gone(seal, sealed.ids),
            )
        for tenant, entries in found.items():
            for entry, _ in entries:
                yield Finding(tenant, None, entry, NO_SEAL)

    def _gone(self, seal: Seal, ids: Sequence[str]) -> list[int]:
        """Return the places in a seal of entries that left."""
        before = self.before[seal.tenant_id]
        gone = list(self.places.within(seal.tenant_id, before, len(ids)))
        self.before[seal.tenant_id] += seal.entry_count
        self.archived += len(gone)
        return gone

    def _seal(self, seal: Seal, ids: Sequence[str], leaf_hashes: bytes) -> Iterator[Finding]:
        self.seals += 1
        yield from examine_seal(seal, self.last.get(seal.tenant_id), ids, leaf_hashes)
        self.last[seal.tenant_id] = seal
        told = self.wanted.pop((seal.tenant_id, seal.seal_number), None)
        if told is not None and told != seal.seal_hash:
            yield Finding(seal.tenant_id, seal.seal_number, None, OTHER)
