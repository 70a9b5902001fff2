"""Key material that does not show itself."""

from __future__ import annotations

import hmac
import secrets
from typing import NoReturn, Self

from dsvault.crypto.errors import SecretError


class Secret:
    """Some bytes of key material, with a text that tells only how many.

    `wipe` overwrites the copy that this object holds. Python may have made others (in a library's
    cipher object, in bytes that were read): nothing in Python can find and wipe those.
    """

    __slots__ = ("_material",)

    def __init__(self, material: bytes | bytearray) -> None:
        if not material:
            raise SecretError("A key has at least one byte", detail="0 bytes")
        self._material = bytearray(material)

    @classmethod
    def random(cls, size: int = 32) -> Self:
        """Return new key material from the system's random source; size in bytes."""
        return cls(secrets.token_bytes(size))

    def reveal(self) -> bytes:
        """Return the bytes.

        :raises SecretError: they were wiped.
        """
        if not self._material:
            raise SecretError("The key was wiped from memory", hint="Unwrap it again.")
        return bytes(self._material)

    def wipe(self) -> None:
        """Overwrite the bytes; the secret is of no use afterwards."""
        self._material[:] = bytes(len(self._material))
        self._material.clear()

    def __len__(self) -> int:
        """Return the number of bytes; 0 once wiped."""
        return len(self._material)

    def __repr__(self) -> str:
        """Tell the size and nothing else."""
        return f"Secret({len(self)} bytes, not shown)"

    def __eq__(self, other: object) -> bool:
        """Compare in constant time."""
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._material, other._material)

    __hash__ = None  # type: ignore[assignment] # a hash of a key would be told by every set

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled or copied."""
        raise SecretError("A key is not pickled or copied", hint="Wrap it to keep it.")
