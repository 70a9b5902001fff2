"""Checkpoints: the heads of all chains at one time, signed, to be kept outside of the database."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from dsvault.audit.errors import CheckpointError
from dsvault.audit.signing import public_hex

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from dsvault.audit.seals import Seal

_FORMAT = "dsvault audit checkpoint 1"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Hashes of seals by tenant and number; public_key in hex, of who signed it."""

    made_at: str
    seals: Mapping[tuple[str, int], bytes]
    public_key: str


def sign(key: Ed25519PrivateKey, made_at: str, heads: Sequence[Seal]) -> dict[str, Any]:
    """Return a signed checkpoint of these seals as one JSON object."""
    said = {
        "format": _FORMAT,
        "made_at": made_at,
        "public_key": public_hex(key),
        "seals": [
            {
                "tenant_id": seal.tenant_id,
                "seal_number": seal.seal_number,
                "to_transaction": seal.to_transaction,
                "seal_hash": seal.seal_hash.hex(),
            }
            for seal in heads
        ],
    }
    return said | {"signature": key.sign(_signed(said)).hex()}


def read_checkpoint(text: str, public_key: str | None = None) -> Checkpoint:
    """Read a signed checkpoint; public_key in hex, if it must be of one signer.

    :raises CheckpointError: it is none, was changed, or somebody else signed it.
    """
    try:
        said = json.loads(text)
        signature = bytes.fromhex(said.pop("signature"))
        signer = Ed25519PublicKey.from_public_bytes(bytes.fromhex(said["public_key"]))
        seals = {
            (str(seal["tenant_id"]), int(seal["seal_number"])): bytes.fromhex(seal["seal_hash"])
            for seal in said["seals"]
        }
        made_at = {_FORMAT: str(said["made_at"])}[said["format"]]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise CheckpointError(
            "This is no checkpoint of the audit trail",
            detail=f"expected a JSON object of the format {_FORMAT}",
            hint="dsvault audit export-seal writes one.",
        ) from None
    try:
        signer.verify(signature, _signed(said))
    except InvalidSignature:
        raise CheckpointError(
            "The checkpoint was changed after it was signed",
            hint="Use another copy of it; this one proves nothing.",
        ) from None
    if public_key is not None and said["public_key"] != public_key.strip().lower():
        raise CheckpointError(
            "Somebody else signed the checkpoint",
            detail=f"public key {said['public_key']}, expected {public_key.strip()}",
            hint="Find out whose it is before you believe it.",
        )
    return Checkpoint(made_at, seals, said["public_key"])


def _signed(said: Mapping[str, Any]) -> bytes:
    """Return the one spelling that is signed: sorted keys, no blanks, UTF-8."""
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
