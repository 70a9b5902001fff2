"""Ids that keep the order of a file, so that its records come back in it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST = 1 << 60


def record_id(version_id: UUID, number: int) -> UUID:
    """Return the id of the record of a number, from 0, in a version.

    A UUID of version 8 (RFC 9562): 60 bits of number, then 62 of the version's id. Ids of one
    version sort as its numbers do, and the same record has the same id whoever writes it.

    >>> record_id(UUID(int=1), 5)
    UUID('00000000-0000-8005-8000-000000000001')
    """
    return UUID(bytes=next(record_ids(version_id, number)))


def record_ids(version_id: UUID, number: int) -> Iterator[bytes]:
    """Yield the ids of the records from a number on, each as its 16 bytes."""
    low = (0b10 << 62 | version_id.int & ((1 << 62) - 1)).to_bytes(8, "big")
    for one in range(number, _MOST):
        yield ((one >> 12) << 16 | 0x8000 | one & 0xFFF).to_bytes(8, "big") + low
