"""Certificates: a statement as JSON, signed with Ed25519, that anybody can check. Pure.

    sign({"tenant": "acme"}, key) -> {"content": {...}, "public_key": "...", "signature": "..."}
    verify(certificate, trusted_key) -> {"tenant": "acme"}

What is signed is the content as JSON with sorted keys and without blanks, in UTF-8.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from dsvault.errors import DsvaultError

if TYPE_CHECKING:
    from collections.abc import Mapping


class CertificateError(DsvaultError):
    """The certificate or its key is not what it should be."""


def new_key() -> bytes:
    """Return a new private key as PEM."""
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def read_key(pem: bytes) -> Ed25519PrivateKey:
    """Read a private key.

    :raises CertificateError: it is no Ed25519 key in PEM without a password.
    """
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        raise CertificateError("The signing key cannot be read", hint=_KEY_HINT) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise CertificateError("The signing key is of another kind than Ed25519", hint=_KEY_HINT)
    return key


_KEY_HINT = "openssl genpkey -algorithm ed25519 makes one."


def sign(content: Mapping[str, object], key: Ed25519PrivateKey) -> dict[str, object]:
    """Return a certificate of content."""
    return {
        "content": dict(content),
        "public_key": b64encode(key.public_key().public_bytes_raw()).decode(),
        "signature": b64encode(key.sign(_signed(content))).decode(),
    }


def verify(certificate: Mapping[str, Any], public_key: str) -> Mapping[str, Any]:
    """Return the content of a certificate that the holder of a key signed; base64.

    :raises CertificateError: another key signed it, or something was changed.
    """
    try:
        key = Ed25519PublicKey.from_public_bytes(b64decode(public_key, validate=True))
        content: Mapping[str, Any] = certificate["content"]
        key.verify(b64decode(certificate["signature"], validate=True), _signed(content))
    except (InvalidSignature, ValueError, KeyError, TypeError):
        raise CertificateError(
            "The certificate is not genuine",
            hint="Another key signed it, or it was changed since.",
        ) from None
    return content


def _signed(content: Mapping[str, object]) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
