"""Merkle trees of RFC 9162, section 2.1.

The functions work on leaf hashes that lie one behind the other, MerkleTree on entries as they come.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SIZE = 32


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of an entry as a leaf."""
    return sha256(b"\x00" + entry).digest()


def root_of(leaf_hashes: bytes) -> bytes:
    """Return the tree hash over leaf hashes, 32 bytes each."""
    if not leaf_hashes:
        return sha256(b"").digest()
    level = leaf_hashes
    while len(level) > SIZE:
        level = _above(level)
    return level


def path_to(leaf_hashes: bytes, index: int) -> list[bytes]:
    """Return the audit path of a leaf: its neighbours on the way to the root."""
    path, level, place = [], leaf_hashes, index
    while len(level) > SIZE:
        neighbour = (place ^ 1) * SIZE
        if neighbour < len(level):
            path.append(level[neighbour : neighbour + SIZE])
        level, place = _above(level), place // 2
    return path


def root_by_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Return the root that a path leads to (section 2.1.3.2); None if it fits no such tree."""
    if not 0 <= index < size:
        return None
    place, last, result = index, size - 1, leaf
    for node in path:
        if last == 0:
            return None
        if place % 2 or place == last:
            result = _join(node, result)
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            result = _join(result, node)
        place, last = place // 2, last // 2
    return result if last == 0 else None


def _above(level: bytes) -> bytes:
    """Return the next level; who has no neighbour moves up as he is."""
    pairs = range(0, len(level) - SIZE, 2 * SIZE)
    joined = [sha256(b"\x01" + level[at : at + 2 * SIZE]).digest() for at in pairs]
    if len(level) // SIZE % 2:
        joined.append(level[-SIZE:])
    return b"".join(joined)


def _join(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class MerkleTree:
    """A tree that grows by one entry at a time, in memory of its depth."""

    def __init__(self) -> None:
        self._roots: list[tuple[int, bytes]] = []  # complete subtrees from left to right, by height
        self.leaves = 0

    def add(self, entry: bytes) -> None:
        """Add an entry at the right."""
        height, root = 0, leaf_hash(entry)
        while self._roots and self._roots[-1][0] == height:
            _, left = self._roots.pop()
            height, root = height + 1, _join(left, root)
        self._roots.append((height, root))
        self.leaves += 1

    def root(self) -> str:
        """Return the hash of the whole tree, as 64 hex digits."""
        if not self._roots:
            return root_of(b"").hex()
        *left, (_, right) = self._roots
        for _, root in reversed(left):
            right = _join(root, right)
        return right.hex()
