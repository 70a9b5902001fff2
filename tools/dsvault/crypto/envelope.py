"""The header that every ciphertext of the vault begins with.

    offset  bytes  meaning
    0       3      "DSV"
    3       1      version of this format: 1
    4       1      suite: 1 AES-256-GCM, 2 XAES-256-GCM, 0 nothing (see below)
    5       16     id of the key, as in encryption_keys.id
    21      …      nonce, ciphertext and tag, as the suite lays them out

The header is not secret, and it is authenticated with the rest. The database knows it too: it
refuses what does not begin so, and what names a key of another tenant. Suite 0 is a header alone:
it stands where a value was forgotten, or never kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from dsvault.crypto.errors import EnvelopeError, UnknownVersionError

MAGIC = b"DSV"
VERSION = 1
HEADER_BYTES = 21
EMPTY_SUITE = 0
_KEY_OFFSET = 5


@dataclass(frozen=True, slots=True)
class Header:
    """What an envelope says of itself."""

    suite: int
    key_id: UUID

    def pack(self) -> bytes:
        """Return the header's 21 bytes."""
        return MAGIC + bytes((VERSION, self.suite)) + self.key_id.bytes

    @property
    def is_empty(self) -> bool:
        """Whether nothing can be read from it: forgotten, or never kept."""
        return self.suite == EMPTY_SUITE


def parse_header(envelope: bytes) -> Header:
    """Return the header of an envelope; the suite need not be a known one.

    :raises EnvelopeError: it is too short or begins otherwise.
    :raises UnknownVersionError: its format is of another release.
    """
    if len(envelope) < HEADER_BYTES or envelope[:3] != MAGIC:
        raise EnvelopeError(
            detail=f"{len(envelope)} bytes that do not begin as an envelope",
            hint="Encrypt with dsvault.crypto; what other programs encrypted is not read.",
        )
    if envelope[3] != VERSION:
        raise UnknownVersionError(
            detail=f"format {envelope[3]}, known is {VERSION}",
            hint="Use the release of dsvault that wrote it, or a later one.",
        )
    return _header(bytes(envelope[:HEADER_BYTES]))


@lru_cache(maxsize=256)
def _header(header: bytes) -> Header:
    """Return what header bytes say; a key has the same ones in all of its envelopes."""
    return Header(header[4], UUID(bytes=header[_KEY_OFFSET:]))


def empty_envelope(key_id: UUID) -> bytes:
    """Return an envelope without content: it stands for a value that nobody can read."""
    return Header(EMPTY_SUITE, key_id).pack()
