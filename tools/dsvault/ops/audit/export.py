"""Export what is to be kept outside: signed checkpoints, and proofs of single entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dsvault.audit.checkpoint import sign
from dsvault.audit.errors import AuditError
from dsvault.audit.proof import Proof, prove
from dsvault.ops.audit.reading import Reader, chain, heads, reading
from dsvault.queries import load

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from dsvault.target import Target


@dataclass(frozen=True, slots=True)
class _Found:
    tenant_id: str
    entry: str
    seal_number: int | None
    leaf_hashes: bytes | None
    place: int | None


def export_checkpoint(target: Target, reader: Reader, key: Ed25519PrivateKey) -> dict[str, Any]:
    """Return a signed checkpoint of the last seals as one JSON object.

    :raises AuditError: the trail cannot be read, or nothing is sealed yet.
    """
    with reading(target, reader) as session:
        last = heads(session, reader.tenant_id)
    if not last:
        raise AuditError(
            "Nothing is sealed yet",
            hint="SELECT * FROM dsvault.seal_audit() seals, as an operator.",
        )
    return sign(key, datetime.now(UTC).isoformat(timespec="seconds"), last)


def prove_entry(target: Target, reader: Reader, entry_id: str) -> Proof:
    """Return the proof that an entry is in the sealed trail.

    :raises AuditError: there is no such entry, it is not sealed yet, or not as it was sealed.
    """
    Reader(tenant_id=entry_id)  # an id has the same form
    with reading(target, reader) as session:
        found = session.fetch(_Found, load("audit/entry"), reader.tenant_id, entry_id)
        if not found:
            raise AuditError(
                f"There is no audit entry {entry_id}", hint="The trail tells ids in audit_logs.id."
            )
        row = found[0]
        if row.seal_number is None or row.leaf_hashes is None:
            raise AuditError(
                f"The entry {entry_id} is not sealed yet",
                hint="SELECT * FROM dsvault.seal_audit() seals, as an operator.",
            )
        seals = chain(session, row.tenant_id, row.seal_number)
    proof = prove(row.entry, (row.place or 0) - 1, row.leaf_hashes, seals)
    if row.place is None or proof.fault() is not None:
        raise AuditError(
            f"The entry {entry_id} is not as it was sealed",
            hint="dsvault audit verify tells what is wrong.",
        )
    return proof
