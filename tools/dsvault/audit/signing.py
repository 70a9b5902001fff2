"""Ed25519 keys (RFC 8032) in files that nobody else can read."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from dsvault.audit.errors import KeyFileError

if TYPE_CHECKING:
    from pathlib import Path


def make_key(path: Path) -> Ed25519PrivateKey:
    """Make a signing key and write it to a new file with mode 0600.

    :raises KeyFileError: there is such a file already, or it cannot be written.
    """
    key = Ed25519PrivateKey.generate()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise KeyFileError(
            f"No new key can be written to {path}",
            detail=error.strerror,
            hint="Name a file that does not exist yet, or leave --new-key out to use this one.",
        ) from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return key


def read_key(path: Path) -> Ed25519PrivateKey:
    """Read a signing key.

    :raises KeyFileError: others may read the file, or it holds no Ed25519 key.
    """
    try:
        found = path.stat()
        text = path.read_bytes()
    except OSError as error:
        raise KeyFileError(
            f"The signing key {path} cannot be read",
            detail=error.strerror,
            hint="--new-key makes one there.",
        ) from None
    if not stat.S_ISREG(found.st_mode) or stat.S_IMODE(found.st_mode) & 0o077:
        raise KeyFileError(
            f"Others may read the signing key {path}",
            detail=f"mode {stat.S_IMODE(found.st_mode):04o}, expected 0600",
            hint=f"chmod 600 {path}; if others have read it, make a new one.",
        )
    try:
        key = load_pem_private_key(text, None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError(
            f"{path} holds no Ed25519 key",
            detail="expected PEM, PKCS 8, without a passphrase",
            hint="--new-key makes one in a file that does not exist yet.",
        )
    return key


def public_hex(key: Ed25519PrivateKey) -> str:
    """Return the public key in hex."""
    return key.public_key().public_bytes_raw().hex()
