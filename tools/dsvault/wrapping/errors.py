"""Why a key cannot be wrapped or unwrapped. No message holds a key or what a service answered."""

from __future__ import annotations

from dsvault.crypto.errors import CryptoError


class WrapError(CryptoError):
    """The key cannot be wrapped or unwrapped."""


class WrappedFormatError(WrapError):
    """These bytes are no wrapped key of the vault."""


class WrongContextError(WrapError):
    """The wrapped key was altered, moved from another row, or wrapped by another key."""


class DestroyedError(WrapError):
    """The key was destroyed; what it encrypted cannot be read any more."""


class ServiceError(WrapError):
    """The key service refused, or cannot be reached."""


class MissingExtraError(WrapError):
    """The packages that speak to this key service are not installed."""
