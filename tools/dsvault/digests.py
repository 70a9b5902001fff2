"""The hash by which Sqitch knows changes, tags and scripts. Pure."""

from __future__ import annotations

try:
    # Python's own. hashlib brings all of OpenSSL, which takes longer to load than a plan to hash.
    from _sha1 import sha1  # type: ignore[import-not-found]
except ImportError:
    from hashlib import sha1


def sha1_hex(data: bytes) -> str:
    """Return the SHA-1 of bytes as 40 lower-case hex digits."""
    return str(sha1(data, usedforsecurity=False).hexdigest())
