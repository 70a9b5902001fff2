"""Verify the trail: every seal, every entry that one vouches for, and a checkpoint if given.

verify_trail(target, Reader(tenant_id=…), checkpoint) -> Verification

Ranges of transactions are gone through one after the other, so that no more than one is in memory.
All hashes are computed here; a database whose functions were replaced deceives nobody.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dsvault.audit.seals import Finding, Seal, examine_entries, examine_seal
from dsvault.merkle import leaf_hash
from dsvault.ops.audit.reading import Reader, SealRow, reading
from dsvault.queries import load

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dsvault.audit.checkpoint import Checkpoint
    from dsvault.db import Session
    from dsvault.target import Target

NO_SEAL = "slipped in: below what is sealed, and in no seal"
GONE = "history was replaced: the checkpoint tells a seal that is not there"
OTHER = "history was replaced: the checkpoint tells this seal otherwise"


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of it. unsealed entries are those that no seal can vouch for yet."""

    seals: int
    entries: int
    unsealed: int
    findings: Sequence[Finding]
    signer: str | None = None

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {
            "seals": self.seals,
            "entries": self.entries,
            "unsealed": self.unsealed,
            "signer": self.signer,
            "findings": [finding.as_json() for finding in self.findings],
        }


@dataclass(frozen=True, slots=True)
class _Name:
    name: str


@dataclass(frozen=True, slots=True)
class _Amount:
    amount: int


@dataclass(frozen=True, slots=True)
class _Entry:
    tenant_id: str
    id: str
    entry: str


@dataclass(frozen=True, slots=True)
class _SealWithLists(SealRow):
    ids: list[str]
    leaf_hashes: bytes


def verify_trail(
    target: Target, reader: Reader, checkpoint: Checkpoint | None = None
) -> Verification:
    """Compare what is there with what was sealed, and with a checkpoint.

    :raises dsvault.audit.errors.AuditError: the trail cannot be read.
    """
    with reading(target, reader) as session:
        return verify_in(session, reader, checkpoint)


def verify_in(
    session: Session, reader: Reader, checkpoint: Checkpoint | None = None
) -> Verification:
    """Do the same in a session that may read the trail already."""
    walk = _Walk(session, reader.tenant_id, checkpoint)
    findings = tuple(walk.findings())
    [unsealed] = session.fetch(_Amount, load("audit/unsealed"), reader.tenant_id, walk.end)
    return Verification(
        walk.seals,
        walk.entries,
        unsealed.amount,
        findings,
        checkpoint.public_key if checkpoint else None,
    )


@dataclass(slots=True)
class _Walk:
    """One way through the trail, range by range."""

    session: Session
    tenant_id: str | None
    checkpoint: Checkpoint | None
    seals: int = 0
    entries: int = 0
    end: str = "0"
    last: dict[str, Seal] = field(default_factory=dict)
    wanted: dict[tuple[str, int], bytes] = field(default_factory=dict)

    def findings(self) -> Iterator[Finding]:
        """Yield everything that is not as it was sealed."""
        if self.checkpoint:
            self.wanted = {
                key: told
                for key, told in self.checkpoint.seals.items()
                if self.tenant_id in {None, key[0]}
            }
        for stop in self.session.fetch(_Name, load("audit/ranges"), self.tenant_id):
            yield from self._range(stop.name)
            self.end = stop.name
        for tenant, number in self.wanted:
            yield Finding(tenant, number, None, GONE)

    def _range(self, stop: str) -> Iterator[Finding]:
        found = defaultdict(list)
        for row in self.session.fetch(
            _Entry, load("audit/entries"), self.tenant_id, self.end, stop
        ):
            found[row.tenant_id].append((row.id, leaf_hash(row.entry.encode())))
            self.entries += 1
        for sealed in self.session.fetch(_SealWithLists, load("audit/seals"), self.tenant_id, stop):
            seal = sealed.seal
            yield from self._seal(seal, sealed.ids, sealed.leaf_hashes)
            yield from examine_entries(
                seal, sealed.ids, sealed.leaf_hashes, found.pop(seal.tenant_id, [])
            )
        for tenant, entries in found.items():
            for entry, _ in entries:
                yield Finding(tenant, None, entry, NO_SEAL)

    def _seal(self, seal: Seal, ids: Sequence[str], leaf_hashes: bytes) -> Iterator[Finding]:
        self.seals += 1
        yield from examine_seal(seal, self.last.get(seal.tenant_id), ids, leaf_hashes)
        self.last[seal.tenant_id] = seal
        told = self.wanted.pop((seal.tenant_id, seal.seal_number), None)
        if told is not None and told != seal.seal_hash:
            yield Finding(seal.tenant_id, seal.seal_number, None, OTHER)
