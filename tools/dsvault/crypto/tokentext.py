"""The text of a token: tok_<type>_<26 characters of its id><4 of a checksum>.

    tok_email_5PHF3RB7KQ4ZV0M8N2T9XW6YDA7C1E

The characters are those of Crockford's base 32: no I, L, O or U; whoever types i, l or o gets
1, 1 and 0, and case does not count. The checksum finds a mistyped token without asking a server.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from uuid import UUID

from dsvault.crypto.errors import CryptoError
from dsvault.crypto.normal import PII_TYPES

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = tuple(first + second for first in _ALPHABET for second in _ALPHABET)
_ID_LENGTH = 26
_CHECK_LENGTH = 4
# The same numbers as Python reads them in base 32.
_DIGITS = str.maketrans(_ALPHABET + "ILO", "0123456789abcdefghijklmnopqrstuv" + "110")
_SHAPE = re.compile(r"tok_([a-z_]+)_([0-9A-TV-Za-tv-z]{30})", re.ASCII)


class TokenTextError(CryptoError):
    """This is no token."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token: the type of what it stands for, and the id of its row in tokens."""

    pii_type: str
    id: UUID

    def __str__(self) -> str:
        """Return the text that stands in place of the value."""
        return f"tok_{self.pii_type}_{_written(self.id.int, _ID_LENGTH)}{_checksum(self)}"


def parse_token(text: str) -> Token:
    """Return the token of a text.

    :raises TokenTextError: it is no token, or it was mistyped.
    """
    shape = _SHAPE.fullmatch(text.strip())
    if not shape or shape[1] not in PII_TYPES:
        raise TokenTextError(
            detail="a text without the shape of a token", hint="A token is tok_<type>_<30 signs>."
        )
    body = shape[2].upper()
    number = _read(body[:_ID_LENGTH])
    if number >> 128:
        raise TokenTextError("The token was mistyped", detail="its id is too large")
    token = Token(shape[1], UUID(int=number))
    if _read(body[_ID_LENGTH:]) != _read(_checksum(token)):
        raise TokenTextError("The token was mistyped", detail="its checksum does not fit")
    return token


def _checksum(token: Token) -> str:
    digest = hashlib.sha256(f"dsvault token {token.pii_type} {token.id}".encode()).digest()
    return _written(int.from_bytes(digest[:4], "big") & 0xFFFFF, _CHECK_LENGTH)


def _written(number: int, length: int) -> str:
    """Return a number in base 32, its digits an even number."""
    return "".join([_PAIRS[number >> shift & 1023] for shift in range(5 * length - 10, -1, -10)])


def _read(text: str) -> int:
    return int(text.translate(_DIGITS), 32)
