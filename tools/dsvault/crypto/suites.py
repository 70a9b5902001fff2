"""The ciphers of the vault. Each is a Suite; a new one gets the next number.

AES-256-GCM (NIST SP 800-38D) with random 96-bit nonces is the normal one: a key may encrypt 2**32
messages, the toolkit warns at half of that. XAES-256-GCM (C2SP) has 192-bit nonces, so that a key
may encrypt 2**80 messages; it costs three more AES blocks and a new key schedule a message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
from cryptography.hazmat.primitives.ciphers import algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dsvault.crypto.errors import SecretError, TamperedError, UnknownSuiteError

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY_BYTES = 32
TAG_BYTES = 16
_GCM_NONCE_BYTES = 12
_HINT = "Compare tenant, dataset, record and field with those it was written for; then the backup."


class Suite(Protocol):
    """A cipher with associated data under one key. It never shows its key."""

    number: int
    name: str
    nonce_bytes: int

    def __init__(self, key: bytes) -> None: ...

    def encrypt(self, nonce: bytes, plaintext: bytes, associated: bytes) -> bytes:
        """Return ciphertext and tag."""
        ...

    def decrypt(self, nonce: bytes, ciphertext: bytes, associated: bytes) -> bytes:
        """Return the plain text.

        :raises TamperedError: ciphertext, nonce or associated data are not those of encryption.
        """
        ...


class AesGcm:
    """AES-256-GCM with a nonce of 12 bytes."""

    number = 1
    name = "AES-256-GCM"
    nonce_bytes = _GCM_NONCE_BYTES

    def __init__(self, key: bytes) -> None:
        _check_key(key)
        self._cipher = AESGCM(key)

    def encrypt(self, nonce: bytes, plaintext: bytes, associated: bytes) -> bytes:
        """Return ciphertext and tag."""
        return self._cipher.encrypt(nonce, plaintext, associated)

    def decrypt(self, nonce: bytes, ciphertext: bytes, associated: bytes) -> bytes:
        """Return the plain text, or raise TamperedError."""
        try:
            return self._cipher.decrypt(nonce, ciphertext, associated)
        except InvalidTag:
            raise TamperedError(hint=_HINT) from None


class XaesGcm:
    """XAES-256-GCM with a nonce of 24 bytes, of which the first 12 derive a key for the message."""

    number = 2
    name = "XAES-256-GCM"
    nonce_bytes = 24

    def __init__(self, key: bytes) -> None:
        _check_key(key)
        # One block at a time is what CMAC asks for; ECB over several blocks is not used.
        self._block = BlockCipher(algorithms.AES(key), modes.ECB())  # noqa: S305
        self._subkey = _doubled(self._encrypt_block(bytes(16)))

    def encrypt(self, nonce: bytes, plaintext: bytes, associated: bytes) -> bytes:
        """Return ciphertext and tag."""
        return self._derived(nonce).encrypt(nonce[12:], plaintext, associated)

    def decrypt(self, nonce: bytes, ciphertext: bytes, associated: bytes) -> bytes:
        """Return the plain text, or raise TamperedError."""
        return self._derived(nonce).decrypt(nonce[12:], ciphertext, associated)

    def _derived(self, nonce: bytes) -> AesGcm:
        """Return the cipher of one message: CMAC of its nonce's first half, twice."""
        halves = []
        for counter in (1, 2):
            block = bytes((0, counter)) + b"X\0" + nonce[:12]
            mixed = bytes(a ^ b for a, b in zip(block, self._subkey, strict=True))
            halves.append(self._encrypt_block(mixed))
        return AesGcm(b"".join(halves))

    def _encrypt_block(self, block: bytes) -> bytes:
        return self._block.encryptor().update(block)


SUITES: Mapping[int, type[Suite]] = {suite.number: suite for suite in (AesGcm, XaesGcm)}


def suite_of(number: int) -> type[Suite]:
    """Return the suite of a number.

    :raises UnknownSuiteError: there is none.
    """
    if number not in SUITES:
        raise UnknownSuiteError(
            detail=f"suite {number}, known are {', '.join(map(str, SUITES))}",
            hint="Use the release of dsvault that wrote it, or a later one.",
        )
    return SUITES[number]


def _check_key(key: bytes) -> None:
    if len(key) != KEY_BYTES:
        raise SecretError(f"A data key has {KEY_BYTES} bytes", detail=f"{len(key)} bytes")


def _doubled(block: bytes) -> bytes:
    """Return a block times two in the field of CMAC (NIST SP 800-38B)."""
    shifted = int.from_bytes(block, "big") << 1
    if shifted >> 128:
        shifted ^= (1 << 128) | 0x87
    return shifted.to_bytes(16, "big")
