"""What stands in encryption_keys.wrapped_key, and what is inside of the wrap.

    offset  bytes  meaning
    0       3      "DSW"
    3       1      version of this format: 1
    4       1      provider: 1 local, 2 aws-kms, 3 gcp-kms, 4 azure-kv, 5 vault
    5       1      scheme, of the provider's own; 0 is a destroyed key, and nothing follows
    6       …      what the provider returned

Wrapped are 64 bytes: the key, and SHA-256 of its context. The context is tenant, key, type and
provider: a wrapped key that was copied into another row is refused after it was unwrapped, whatever
the service can do itself. Where it has a context of its own, it is bound there too.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsvault.crypto import Secret
from dsvault.crypto.binding import length_prefixed
from dsvault.wrapping.errors import DestroyedError, WrappedFormatError, WrongContextError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

MAGIC = b"DSW"
VERSION = 1
HEADER_BYTES = 6
KEY_BYTES = 32
DESTROYED = 0
PROVIDERS: Mapping[str, int] = {"local": 1, "aws-kms": 2, "gcp-kms": 3, "azure-kv": 4, "vault": 5}


@dataclass(frozen=True, slots=True)
class KeyContext:
    """Which row of encryption_keys a wrapped key belongs to."""

    tenant_id: UUID
    key_id: UUID
    key_type: str
    provider: str

    def as_mapping(self) -> dict[str, str]:
        """Return it for services that take pairs of texts."""
        return {
            "tenant": str(self.tenant_id),
            "key": str(self.key_id),
            "type": self.key_type,
            "provider": self.provider,
        }

    def encode(self) -> bytes:
        """Return it as unambiguous bytes."""
        return length_prefixed(
            (
                b"dsvault key context 1",
                self.tenant_id.bytes,
                self.key_id.bytes,
                self.key_type.encode(),
                self.provider.encode(),
            )
        )

    def digest(self) -> bytes:
        """Return SHA-256 of the context."""
        return hashlib.sha256(self.encode()).digest()


def bound(secret: Secret, context: KeyContext) -> bytes:
    """Return the 64 bytes to wrap."""
    return secret.reveal() + context.digest()


def unbound(payload: bytes, context: KeyContext) -> Secret:
    """Return the key of 64 unwrapped bytes.

    :raises WrongContextError: they are of another row, or not 64.
    """
    if len(payload) != 2 * KEY_BYTES or not hmac.compare_digest(
        payload[KEY_BYTES:], context.digest()
    ):
        raise wrong_context(context)
    return Secret(payload[:KEY_BYTES])


def wrong_context(context: KeyContext) -> WrongContextError:
    """Return the error about a wrapped key that does not belong to its row."""
    return WrongContextError(
        detail=f"{context.key_type} key {context.key_id} of tenant {context.tenant_id}",
        hint="Restore wrapped_key of this row from a backup; name the KEK that wrapped it.",
    )


def pack(provider: str, scheme: int, wrapped: bytes) -> bytes:
    """Return what goes into wrapped_key."""
    return MAGIC + bytes((VERSION, PROVIDERS[provider], scheme)) + wrapped


def destroyed_key(provider: str) -> bytes:
    """Return what stands in wrapped_key once the key was destroyed."""
    return pack(provider, DESTROYED, b"")


def unpack(wrapped_key: bytes, provider: str) -> tuple[int, bytes]:
    """Return scheme and wrapped bytes.

    :raises WrappedFormatError: they are no wrapped key, of another version, or another provider's.
    :raises DestroyedError: the key was destroyed.
    """
    if len(wrapped_key) < HEADER_BYTES or wrapped_key[:3] != MAGIC:
        raise WrappedFormatError(
            detail=f"{len(wrapped_key)} bytes that do not begin as a wrapped key",
            hint="Wrap it with dsvault key wrap; what other programs wrapped is not read.",
        )
    if wrapped_key[3] != VERSION:
        raise WrappedFormatError(
            "The wrapped key has a format that this release does not know",
            detail=f"format {wrapped_key[3]}, known is {VERSION}",
        )
    if wrapped_key[4] != PROVIDERS.get(provider):
        found = {number: name for name, number in PROVIDERS.items()}.get(wrapped_key[4])
        raise WrappedFormatError(
            "The key was wrapped by another provider",
            detail=f"{found or f'provider {wrapped_key[4]}'}, expected is {provider}",
        )
    if wrapped_key[5] == DESTROYED:
        raise DestroyedError
    return wrapped_key[5], wrapped_key[HEADER_BYTES:]
