"""Proofs that one entry is in the sealed trail, to be checked without a database."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from dsvault.audit.errors import ProofError
from dsvault.audit.seals import Seal
from dsvault.merkle import leaf_hash, path_to, root_by_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FORMAT = "dsvault audit proof 1"
COLUMNS = (
    *("id", "tenant_id", "user_id", "action", "resource_type", "resource_id", "details"),
    *("ip_address", "user_agent", "created_at", "transaction_id"),
)


@dataclass(frozen=True, slots=True)
class Proof:
    """An entry's text, its place in its seal's tree, and the seals from that one to the head."""

    entry: str
    leaf_index: int
    path: Sequence[bytes]
    seals: Sequence[Seal]

    @property
    def columns(self) -> dict[str, Any]:
        """The entry by column; created_at is seconds since 1970, as text."""
        return dict(zip(COLUMNS, json.loads(self.entry), strict=True))

    def fault(self, seals: Mapping[tuple[str, int], bytes] | None = None) -> str | None:
        """Return what it does not prove, or None; seals are those of a checkpoint, by number."""
        return self._fault_of_path() or self._fault_of_chain() or self._fault_by(seals)

    def _fault_of_path(self) -> str | None:
        first = self.seals[0]
        leaf = leaf_hash(self.entry.encode())
        if root_by_path(leaf, self.leaf_index, first.entry_count, self.path) != first.root_hash:
            return "the path does not lead from the entry to the root of its seal"
        if self.columns["tenant_id"] != first.tenant_id:
            return "the entry is of another tenant than its seal"
        return None

    def _fault_of_chain(self) -> str | None:
        for seal in self.seals:
            if seal.digest() != seal.seal_hash:
                return f"seal {seal.seal_number} does not have the hash that it says"
        for before, seal in pairwise(self.seals):
            if not seal.follows(before):
                return f"seal {seal.seal_number} does not follow the one before it"
        return None

    def _fault_by(self, seals: Mapping[tuple[str, int], bytes] | None) -> str | None:
        if seals is None:
            return None
        mine = {(seal.tenant_id, seal.seal_number): seal.seal_hash for seal in self.seals}
        if not mine.keys() & seals.keys():
            return "the checkpoint tells none of its seals"
        if any(seals[key] != mine[key] for key in mine.keys() & seals.keys()):
            return "the checkpoint tells another history"
        return None

    def as_json(self) -> dict[str, Any]:
        """Return it as one JSON object, hashes in hex."""
        return {
            "format": _FORMAT,
            "entry": self.entry,
            "leaf_index": self.leaf_index,
            "path": [node.hex() for node in self.path],
            "seals": [seal.as_json() for seal in self.seals],
        }


def prove(entry: str, index: int, leaf_hashes: bytes, seals: Sequence[Seal]) -> Proof:
    """Return the proof of the entry at a place of the first of these seals."""
    return Proof(entry, index, path_to(leaf_hashes, index), seals)


def read_proof(text: str) -> Proof:
    """Read what as_json wrote.

    :raises ProofError: it is no proof.
    """
    try:
        said = json.loads(text)
        seals = [Seal.from_json(seal) for seal in said["seals"]]
        proof = Proof(
            str(said["entry"]),
            int(said["leaf_index"]),
            [bytes.fromhex(node) for node in said["path"]],
            seals,
        )
        is_proof = said["format"] == _FORMAT and bool(seals) and bool(proof.columns)
    except (ValueError, TypeError, KeyError, AttributeError):
        is_proof = False
    if not is_proof:
        raise ProofError(
            "This is no proof of an audit entry",
            detail=f"expected a JSON object of the format {_FORMAT}",
            hint="dsvault audit prove writes one.",
        )
    return proof
