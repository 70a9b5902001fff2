"""Signing keys and certificates as files."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from dsvault.errors import DsvaultError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def read_signing_key(path: Path) -> Ed25519PrivateKey:
    """Read a private key from a file that only its owner can read; make one if there is none.

    :raises DsvaultError: it cannot be read or made, is no Ed25519 key, or others can read it.
    """
    from dsvault.certificate import new_key, read_key  # noqa: PLC0415 - --help stays quick

    try:
        if not path.exists():
            with os.fdopen(
                os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
            ) as file:
                file.write(new_key())
        if path.stat().st_mode & 0o077:
            raise DsvaultError(f"Others can read the signing key {path}", hint=f"chmod 600 {path}")
        return read_key(path.read_bytes())
    except OSError as error:
        raise DsvaultError(
            f"The signing key {path} cannot be used", detail=error.strerror
        ) from None


def write_certificate(path: Path, content: Mapping[str, object], key: Ed25519PrivateKey) -> None:
    """Sign content and write it.

    :raises DsvaultError: the file cannot be written; what it certifies has happened nevertheless.
    """
    from dsvault.certificate import sign  # noqa: PLC0415 - --help stays quick

    try:
        path.write_text(json.dumps(sign(content, key), indent=2, ensure_ascii=False) + "\n")
    except OSError as error:
        raise DsvaultError(
            f"The certificate {path} cannot be written",
            detail=error.strerror,
            hint="Run the same command again with another --certificate; nothing is erased twice.",
        ) from None
