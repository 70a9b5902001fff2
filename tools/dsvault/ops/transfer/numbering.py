"""Ids that keep the order of a file, so that its records come back in it."""

from __future__ import annotations

from uuid import UUID

_MOST = 1 << 60


def record_id(version_id: UUID, number: int) -> UUID:
    """Return the id of the record of a number, from 0, in a version.

    A UUID of version 8 (RFC 9562): 60 bits of number, then 62 of the version's id. Ids of one
    version sort as its numbers do, and the same record has the same id whoever writes it.

    >>> record_id(UUID(int=1), 5)
    UUID('00000000-0000-8005-8000-000000000001')
    """
    if not 0 <= number < _MOST:
        raise ValueError(number)
    high = (number >> 12) << 16 | 0x8000 | number & 0xFFF
    low = 0b10 << 62 | version_id.int & ((1 << 62) - 1)
    return UUID(int=high << 64 | low)
