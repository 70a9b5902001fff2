"""Data keys and the ring of those that a reader holds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from dsvault.crypto.envelope import HEADER_BYTES, Header, parse_header
from dsvault.crypto.errors import EnvelopeError, UnknownKeyError
from dsvault.crypto.suites import TAG_BYTES, AesGcm, Suite, suite_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from dsvault.crypto.binding import Place
    from dsvault.crypto.secret import Secret


class DataKey:
    """A key of encryption_keys, unwrapped, with the suite that it encrypts with."""

    def __init__(self, key_id: UUID, secret: Secret, suite: type[Suite] = AesGcm) -> None:
        self.id = key_id
        self.suite = suite
        self.header = Header(suite.number, key_id).pack()
        self._ciphers: dict[int, Suite] = {suite.number: suite(secret.reveal())}
        self._secret = secret

    def __repr__(self) -> str:
        """Tell which key it is and nothing of it."""
        return f"DataKey({self.id}, {self.suite.name}, key not shown)"

    def cipher(self, number: int | None = None) -> Suite:
        """Return the cipher of a suite under this key; without a number the one that encrypts.

        :raises dsvault.crypto.errors.UnknownSuiteError: there is no such suite.
        """
        number = self.suite.number if number is None else number
        if number not in self._ciphers:
            self._ciphers[number] = suite_of(number)(self._secret.reveal())
        return self._ciphers[number]

    def encrypt(self, plaintext: bytes, place: Place) -> bytes:
        """Return an envelope that is read at this place only."""
        nonce = os.urandom(self.suite.nonce_bytes)
        sealed = self.cipher().encrypt(nonce, plaintext, self.header + place.encode())
        return self.header + nonce + sealed

    def decrypt(self, envelope: bytes, place: Place) -> bytes:
        """Return the plain text of an envelope that this key encrypted for this place.

        :raises EnvelopeError: it is no envelope, or too short.
        :raises UnknownKeyError: it names another key.
        :raises dsvault.crypto.errors.TamperedError: it is not as it was written, or not from here.
        """
        header = parse_header(envelope)
        if header.key_id != self.id:
            raise UnknownKeyError(detail=f"key {header.key_id}, at hand is {self.id}")
        if header.is_empty:
            raise EnvelopeError(
                "There is no content: it was forgotten, or never kept", detail="an empty envelope"
            )
        cipher = self.cipher(header.suite)
        body = HEADER_BYTES + cipher.nonce_bytes
        if len(envelope) < body + TAG_BYTES:
            raise EnvelopeError("The ciphertext was cut off", detail=f"{len(envelope)} bytes")
        associated = envelope[:HEADER_BYTES] + place.encode()
        return cipher.decrypt(envelope[HEADER_BYTES:body], envelope[body:], associated)


class Keyring:
    """The data keys that a reader holds, by id."""

    def __init__(self, keys: Iterable[DataKey] = ()) -> None:
        self._keys = {key.id: key for key in keys}

    def __repr__(self) -> str:
        """Tell how many keys there are."""
        return f"Keyring({len(self._keys)} keys, not shown)"

    def __contains__(self, key_id: object) -> bool:
        """Say whether a key is at hand."""
        return key_id in self._keys

    def add(self, key: DataKey) -> None:
        """Put a key on the ring."""
        self._keys[key.id] = key

    def key(self, key_id: UUID) -> DataKey:
        """Return a key.

        :raises UnknownKeyError: it is not at hand.
        """
        if key_id not in self._keys:
            raise UnknownKeyError(
                detail=f"key {key_id}",
                hint="Unwrap it; a key that was revoked or destroyed reads nothing any more.",
            )
        return self._keys[key_id]

    def decrypt(self, envelope: bytes, place: Place) -> bytes:
        """Return the plain text of an envelope, by the key that it names; see DataKey.decrypt."""
        return self.key(parse_header(envelope).key_id).decrypt(envelope, place)
