"""Why something cannot be encrypted, read or hashed. No message holds a key or a plain text."""

from __future__ import annotations

from dsvault.errors import DsvaultError


class CryptoError(DsvaultError):
    """The cryptography of the vault cannot do this."""


class SecretError(CryptoError):
    """The key material cannot be used."""


class EnvelopeError(CryptoError):
    """These bytes are no ciphertext of the vault."""


class UnknownVersionError(EnvelopeError):
    """The ciphertext has a format that this release does not know."""


class UnknownSuiteError(EnvelopeError):
    """The ciphertext was made with a cipher that this release does not know."""


class UnknownKeyError(CryptoError):
    """The ciphertext names a key that is not at hand."""


class TamperedError(CryptoError):
    """The ciphertext was altered, or it belongs to another place or key."""


class ContentError(CryptoError):
    """The content of a record cannot be written as JSON, or not be read as such."""


class PointerError(CryptoError):
    """This is no JSON pointer, or it leads nowhere."""


class ValueFormatError(CryptoError):
    """The value does not have the form of its type."""
