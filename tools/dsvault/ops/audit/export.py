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

    from dsvault.db import Session
    from dsvault.target import Target


@dataclass(frozen=True, slots=True)
class _Sealed:
    """Where the seals list an entry."""

    tenant_id: str
    seal_number: int
    from_transaction: str
    to_transaction: str
    leaf_hashes: bytes
    place: int


@dataclass(frozen=True, slots=True)
class _Entry:
    entry: str
    is_covered: bool


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

    The seals tell in which transactions it is to be found.

    :raises AuditError: there is no such entry, it is not sealed yet, or not as it was sealed.
    """
    Reader(tenant_id=entry_id)  # an id has the same form
    with reading(target, reader) as session:
        listed = session.fetch(_Sealed, load("audit/sealed"), reader.tenant_id, entry_id)
        if not listed:
            raise _unlisted(session, reader, entry_id)
        sealed = listed[0]
        span = (sealed.from_transaction, sealed.to_transaction)
        found = _entries(session, sealed.tenant_id, entry_id, *span)
        if not found:
            raise _gone(session, sealed, entry_id)
        seals = chain(session, sealed.tenant_id, sealed.seal_number)
    proof = prove(found[0].entry, sealed.place - 1, sealed.leaf_hashes, seals)
    if proof.fault() is not None:
        raise _altered(entry_id)
    return proof


def _entries(
    session: Session, tenant_id: str | None, entry_id: str, *span: str | None
) -> list[_Entry]:
    return session.fetch(_Entry, load("audit/entry"), tenant_id, entry_id, *(span or (None, None)))


def _unlisted(session: Session, reader: Reader, entry_id: str) -> AuditError:
    """Return why no seal lists an entry; the whole trail is looked through."""
    found = _entries(session, reader.tenant_id, entry_id)
    if not found:
        return AuditError(
            f"There is no audit entry {entry_id}", hint="The trail tells ids in audit_logs.id."
        )
    if found[0].is_covered:
        return _altered(entry_id)
    return AuditError(
        f"The entry {entry_id} is not sealed yet",
        hint="SELECT * FROM dsvault.seal_audit() seals, as an operator.",
    )


def _gone(session: Session, sealed: _Sealed, entry_id: str) -> AuditError:
    """Return why an entry is not where its seal says."""
    if _entries(session, sealed.tenant_id, entry_id):
        return _altered(entry_id)
    return AuditError(
        f"The entry {entry_id} is in the trail no longer",
        detail=f"seal {sealed.seal_number} of the tenant {sealed.tenant_id} lists it",
        hint="dsvault audit verify tells whether it was archived or removed.",
    )


def _altered(entry_id: str) -> AuditError:
    return AuditError(
        f"The entry {entry_id} is not as it was sealed",
        hint="dsvault audit verify tells what is wrong.",
    )
