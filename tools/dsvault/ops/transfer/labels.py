"""How a file is known again without being kept: by a keyed hash of what it is and becomes."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from dsvault.crypto import encode_json
from dsvault.files import FileFormatError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dsvault.crypto import HashKey

_BLOCK = 1 << 20


def file_digest(path: Path) -> bytes:
    """Return SHA-256 of a file.

    :raises FileFormatError: it cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        raise FileFormatError(f"{path} cannot be read", detail=error.strerror) from None
    return digest.digest()


def file_label(digest: bytes, hashes: HashKey, rules: Mapping[str, Any]) -> str:
    """Return the label of a file whose columns are replaced by rules.

    It is keyed: who reads it in the database cannot guess the file.
    """
    said = b"\0" + encode_json(rules) if rules else b""
    return hashes.content_hash(b"file\0" + digest + said)
