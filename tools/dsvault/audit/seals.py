"""Seals, and what is wrong with the entries that one vouches for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from dsvault.merkle import SIZE, root_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

NOTHING = bytes(SIZE)
_FORMAT = "dsvault audit seal 1"


@dataclass(frozen=True, slots=True)
class Seal:
    """What a seal says; transactions and sealed_at are texts as the database writes them."""

    tenant_id: str
    seal_number: int
    from_transaction: str
    to_transaction: str
    entry_count: int
    root_hash: bytes
    previous_hash: bytes
    sealed_at: str
    seal_hash: bytes

    def digest(self) -> bytes:
        """Return the hash that the seal must have."""
        said = [
            _FORMAT, self.tenant_id, self.seal_number, self.from_transaction, self.to_transaction,
            self.entry_count, self.root_hash.hex(), self.previous_hash.hex(), self.sealed_at,
        ]  # fmt: skip
        return sha256(json.dumps(said, ensure_ascii=False).encode()).digest()

    def follows(self, before: Seal | None) -> bool:
        """Whether it is the next one in the chain."""
        if before is None:
            return (self.seal_number, self.from_transaction) == (1, "0") and (
                self.previous_hash == NOTHING
            )
        return (
            self.seal_number == before.seal_number + 1
            and self.from_transaction == before.to_transaction
            and self.previous_hash == before.seal_hash
        )

    def as_json(self) -> dict[str, Any]:
        """Return it as one JSON object, hashes in hex."""
        return {
            "tenant_id": self.tenant_id,
            "seal_number": self.seal_number,
            "from_transaction": self.from_transaction,
            "to_transaction": self.to_transaction,
            "entry_count": self.entry_count,
            "root_hash": self.root_hash.hex(),
            "previous_hash": self.previous_hash.hex(),
            "sealed_at": self.sealed_at,
            "seal_hash": self.seal_hash.hex(),
        }

    @staticmethod
    def from_json(said: Mapping[str, Any]) -> Seal:
        """Read what as_json wrote; whatever is missing or of another kind raises."""
        return Seal(
            str(said["tenant_id"]),
            int(said["seal_number"]),
            str(said["from_transaction"]),
            str(said["to_transaction"]),
            int(said["entry_count"]),
            bytes.fromhex(said["root_hash"]),
            bytes.fromhex(said["previous_hash"]),
            str(said["sealed_at"]),
            bytes.fromhex(said["seal_hash"]),
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was sealed."""

    tenant_id: str
    seal_number: int | None
    entry_id: str | None
    what: str

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {
            "tenant_id": self.tenant_id,
            "seal_number": self.seal_number,
            "entry_id": self.entry_id,
            "what": self.what,
        }

    def __str__(self) -> str:
        seal = "no seal" if self.seal_number is None else f"seal {self.seal_number}"
        entry = "" if self.entry_id is None else f", entry {self.entry_id}"
        return f"tenant {self.tenant_id}, {seal}{entry}: {self.what}"


def examine_seal(
    seal: Seal, before: Seal | None, ids: Sequence[str], leaf_hashes: bytes
) -> Iterator[Finding]:
    """Yield what is wrong with a seal itself, its place in the chain, and its lists."""
    if seal.digest() != seal.seal_hash:
        yield _of(seal, "the seal was altered: it does not have the hash that it says")
    if not seal.follows(before):
        yield _of(seal, "the chain is broken: it does not follow the seal before it")
    if len(ids) != seal.entry_count or root_of(leaf_hashes) != seal.root_hash:
        yield _of(seal, "the seal's list was altered: it does not have the root that it says")


def examine_entries(
    seal: Seal,
    ids: Sequence[str],
    leaf_hashes: bytes,
    found: Sequence[tuple[str, bytes]],
    gone: Collection[int] = (),
) -> Iterator[Finding]:
    """Yield each entry that is not as it was sealed, in the order of the trail.

    found are ids and leaf hashes of the entries that there are, in order; gone are places in the
    list, from 0, of those that nobody has to find, since they left for a file.
    """
    listed = {
        entry: (place, leaf_hashes[place * SIZE : (place + 1) * SIZE])
        for place, entry in enumerate(ids)
    }
    left = {ids[place] for place in gone}
    wrong: list[tuple[float, str, str]] = []
    there, place = set(), -1
    for entry, leaf in found:
        if entry not in listed or entry in there:
            wrong.append((place + 0.5, entry, "slipped in after it was sealed"))
            continue
        there.add(entry)
        place = listed[entry][0]
        if listed[entry][1] != leaf:
            wrong.append((place, entry, "altered after it was sealed"))
    wrong += [
        (listed[entry][0], entry, "removed after it was sealed")
        for entry in ids
        if entry not in there and entry not in left
    ]
    for _, entry, what in sorted(wrong, key=lambda one: one[0]):
        yield Finding(seal.tenant_id, seal.seal_number, entry, what)
    if not wrong and not left and root_of(b"".join(leaf for _, leaf in found)) != seal.root_hash:
        yield _of(seal, "the entries do not have the root that it says")


def _of(seal: Seal, what: str) -> Finding:
    return Finding(seal.tenant_id, seal.seal_number, None, what)
