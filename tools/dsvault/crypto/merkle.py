"""Merkle tree hashes (RFC 9162, section 2.1.1), leaf by leaf, in memory of the tree's depth."""

from __future__ import annotations

import hashlib


class MerkleTree:
    """A tree that grows by one leaf at a time.

    >>> MerkleTree().root() == hashlib.sha256(b"").hexdigest()
    True
    """

    def __init__(self) -> None:
        self._roots: list[tuple[int, bytes]] = []  # complete subtrees from left to right, by height
        self.leaves = 0

    def add(self, leaf: bytes) -> None:
        """Add a leaf at the right."""
        height, root = 0, hashlib.sha256(b"\0" + leaf).digest()
        while self._roots and self._roots[-1][0] == height:
            _, left = self._roots.pop()
            height, root = height + 1, _node(left, root)
        self._roots.append((height, root))
        self.leaves += 1

    def root(self) -> str:
        """Return the hash of the whole tree, as 64 hex digits."""
        if not self._roots:
            return hashlib.sha256(b"").hexdigest()
        hashes = [root for _, root in self._roots]
        right = hashes.pop()
        while hashes:
            right = _node(hashes.pop(), right)
        return right.hex()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()
