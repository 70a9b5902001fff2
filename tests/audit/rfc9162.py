"""RFC 9162, section 2.1, word for word: what the functions in SQL are held against."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def leaf(entry: bytes) -> bytes:
    """Return the hash of a list with one entry."""
    return sha256(b"\x00" + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees."""
    return sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """Return the largest power of two smaller than size."""
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def root(entries: Sequence[bytes]) -> bytes:
    """MTH(D_n), section 2.1.1."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return leaf(entries[0])
    k = split(len(entries))
    return node(root(entries[:k]), root(entries[k:]))


def path(index: int, entries: Sequence[bytes]) -> list[bytes]:
    """PATH(m, D_n), section 2.1.3.1."""
    if len(entries) == 1:
        return []
    k = split(len(entries))
    if index < k:
        return [*path(index, entries[:k]), root(entries[k:])]
    return [*path(index - k, entries[k:]), root(entries[:k])]


def proof(old: int, entries: Sequence[bytes]) -> list[bytes]:
    """PROOF(m, D_n), section 2.1.4.1."""
    return _subproof(old, entries, is_known=True)


def _subproof(old: int, entries: Sequence[bytes], *, is_known: bool) -> list[bytes]:
    if old == len(entries):
        return [] if is_known else [root(entries)]
    k = split(len(entries))
    if old <= k:
        return [*_subproof(old, entries[:k], is_known=is_known), root(entries[k:])]
    return [*_subproof(old - k, entries[k:], is_known=False), root(entries[:k])]
