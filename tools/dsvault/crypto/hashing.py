"""Keyed hashes: HMAC-SHA-256 (RFC 2104) under keys that the server never sees.

One secret of a tenant gives a key for each purpose (HKDF, RFC 5869): a hash of one purpose says
nothing about one of another, and no encryption key is used for hashing.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from dsvault.crypto.binding import length_prefixed
from dsvault.crypto.normal import NEWEST_RULES, normalise

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from dsvault.crypto.secret import Secret

_CONTENT = b"dsvault content_hash 1"
_TOKEN = b"dsvault token_hash 1"
_ONE_WAY = b"dsvault token_hash of a one-way token 1"
_NUMBERED = b"dsvault token_hash of a random token 1"


class HashKey:
    """The keys of a tenant's content_hash and token_hash."""

    def __init__(self, key_id: UUID, tenant_id: UUID, secret: Secret) -> None:
        self.id = key_id
        self.tenant_id = tenant_id
        self._content = _started(secret, tenant_id, _CONTENT)
        self._token = _started(secret, tenant_id, _TOKEN)
        self._one_way = _started(secret, tenant_id, _ONE_WAY)
        self._numbered = _started(secret, tenant_id, _NUMBERED)

    def __repr__(self) -> str:
        """Tell which key it is and nothing of it."""
        return f"HashKey({self.id}, key not shown)"

    def content_hash(self, content: bytes) -> str:
        """Return the hash of a record's canonical bytes, as 64 hex digits."""
        mac = self._content.copy()
        mac.update(content)
        return mac.hexdigest()

    def token_hash(
        self, pii_type: str, value: str, *, is_one_way: bool = False, rules: int = NEWEST_RULES
    ) -> str:
        """Return the hash by which a value's deterministic token is found, as 64 hex digits.

        A one-way token has another than one that leads back, so a value may have both.

        :raises dsvault.crypto.errors.ValueFormatError: the value has not the form of its type.
        """
        started = self._one_way if is_one_way else self._token
        return self._hash(started, _message(pii_type, value, rules))

    def random_token_hash(
        self, pii_type: str, value: str, token_id: UUID, *, rules: int = NEWEST_RULES
    ) -> str:
        """Return the hash of a random token of a value: each token has another.

        :raises dsvault.crypto.errors.ValueFormatError: the value has not the form of its type.
        """
        return self._hash(self._numbered, token_id.bytes + _message(pii_type, value, rules))

    def random_token_hashes(
        self, pii_type: str, value: str, token_ids: Sequence[UUID], *, rules: int = NEWEST_RULES
    ) -> list[str]:
        """Return what random_token_hash says for many tokens; the value is normalised once."""
        message = _message(pii_type, value, rules)
        return [self._hash(self._numbered, token_id.bytes + message) for token_id in token_ids]

    @staticmethod
    def _hash(started: hmac.HMAC, message: bytes) -> str:
        mac = started.copy()
        mac.update(message)
        return mac.hexdigest()


def _message(pii_type: str, value: str, rules: int) -> bytes:
    normal = normalise(pii_type, value, rules=rules)
    return _kind(pii_type, rules) + length_prefixed([normal.encode()])


@lru_cache(maxsize=64)
def _kind(pii_type: str, rules: int) -> bytes:
    return length_prefixed((str(rules).encode(), pii_type.encode()))


def _started(secret: Secret, tenant_id: UUID, purpose: bytes) -> hmac.HMAC:
    """Return an HMAC of which the key of a purpose is set up, to be copied for each message."""
    derive = HKDF(algorithm=SHA256(), length=32, salt=tenant_id.bytes, info=purpose)
    return hmac.new(derive.derive(secret.reveal()), digestmod=hashlib.sha256)
