"""Encrypt the demonstration's records before they leave this process.

AES-256-GCM (NIST SP 800-38D) with random 96-bit nonces; keyed hashes are HMAC-SHA-256 (RFC 2104);
the data key is wrapped with AES key wrap with padding (RFC 5649). The key encryption key is made
for one tenant and forgotten with this object: what the demonstration stores stays sealed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_wrap_with_padding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Sealer:
    """The keys of one tenant while its demonstration data is written."""

    def __init__(self) -> None:
        self._data_key = AESGCM.generate_key(bit_length=256)
        self._hash_key = secrets.token_bytes(32)
        self._cipher = AESGCM(self._data_key)

    def __repr__(self) -> str:
        """Tell nothing of the keys."""
        return "Sealer(keys not shown)"

    def wrapped_key(self) -> bytes:
        """Return the data key wrapped under a key that is forgotten at once."""
        return aes_key_wrap_with_padding(secrets.token_bytes(32), self._data_key)

    def encrypt(self, record: Mapping[str, object], context: str) -> bytes:
        """Return nonce (12 bytes), ciphertext and tag (16 bytes); context is authenticated too."""
        nonce = secrets.token_bytes(12)
        return nonce + self._cipher.encrypt(nonce, canonical(record), context.encode())

    def keyed_hash(self, domain: str, value: bytes) -> str:
        """Return HMAC-SHA-256 of a value within a domain, as 64 hex digits."""
        return hmac.new(self._hash_key, domain.encode() + b"\0" + value, hashlib.sha256).hexdigest()


def canonical(record: Mapping[str, object]) -> bytes:
    """Return one spelling of a record: sorted keys, no blanks, UTF-8."""
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(parts: Sequence[str]) -> str:
    """Return SHA-256 over hex digests in their order, as 64 hex digits."""
    return hashlib.sha256("".join(parts).encode()).hexdigest()
