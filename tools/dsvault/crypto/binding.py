"""Where a ciphertext belongs: authenticated with it, so that it is read nowhere else.

Parts are written with their length before them (four bytes, big-endian): no two lists of parts
give the same bytes. The version of a dataset is no part: versions may share a record's content.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

_LENGTH_BYTES = 4


def length_prefixed(parts: Iterable[bytes]) -> bytes:
    """Return parts one after the other, each with its length before it."""
    return b"".join([len(part).to_bytes(_LENGTH_BYTES, "big") + part for part in parts])


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ciphertext belongs; encode() tells it as bytes."""

    purpose: str
    parts: tuple[bytes, ...]

    def encode(self) -> bytes:
        """Return the unambiguous form of the place."""
        return length_prefixed((self.purpose.encode(), *self.parts))


def record_place(tenant_id: UUID, dataset_id: UUID, record_id: UUID, field: str = "") -> Place:
    """Return the place of a record, or of one of its fields by JSON pointer."""
    parts = (tenant_id.bytes, dataset_id.bytes, record_id.bytes, field.encode())
    return Place("record", parts)


def token_place(tenant_id: UUID, token_id: UUID, pii_type: str) -> Place:
    """Return the place of a token's value."""
    return Place("token", (tenant_id.bytes, token_id.bytes, pii_type.encode()))
