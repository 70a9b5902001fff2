"""Bytes that the database takes for wrapped keys and ciphertexts; nothing is encrypted in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

PROVIDERS = {"local": 1, "aws-kms": 2, "gcp-kms": 3, "azure-kv": 4, "vault": 5}
# The same as SQL, for statements that name a key; suite 0 is a token whose value was not kept.
FORGOTTEN = "decode('4453560100' || replace(%(key)s::text, '-', ''), 'hex')"
SEALED = "decode('4453560101' || replace(%(key)s::text, '-', '') || repeat('00', 28), 'hex')"
WRAPPED_VAULT = "decode('445357010501' || repeat('00', 64), 'hex')"


def wrapped(provider: str = "local") -> bytes:
    """Return what looks like a key that a provider wrapped."""
    return b"DSW\1" + bytes((PROVIDERS[provider], 1)) + bytes(72)


def sealed(key_id: UUID) -> bytes:
    """Return what looks like an empty text encrypted with a key."""
    return b"DSV\1\1" + key_id.bytes + bytes(28)
