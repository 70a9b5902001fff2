"""Wrapping without a service: AES-256 key wrap with padding (RFC 5649) under a local key.

The key encryption key (KEK) comes from one of:

    file:/etc/dsvault/kek        32 bytes, or 64 hex digits; readable by its owner alone
    env:VAULT_KEK                64 hex digits in an environment variable
    passphrase:VAULT_PHRASE, passphrase-file:/etc/dsvault/phrase
                                 a passphrase, from which scrypt makes the KEK

The text of the source is what stands in kms_key_id. It never holds the key.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap_with_padding,
    aes_key_wrap_with_padding,
)

from dsvault.crypto import Secret
from dsvault.wrapping.envelope import KEY_BYTES, wrong_context
from dsvault.wrapping.errors import WrapError
from dsvault.wrapping.provider import Description, Provider

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dsvault.wrapping.envelope import KeyContext

RFC_5649 = 1
SCRYPT = 2  # a salt of 16 bytes and one byte each of log2(n), r, p before the wrap
_SALT_BYTES = 16
_LOG_N, _R, _P = 17, 8, 1  # 128 MiB and a third of a second
_SHORTEST_PHRASE = 12
_MOST_LOG_N, _MOST_R, _MOST_P = 20, 8, 4  # what is read may not ask for more memory
_SOURCES = ("file", "env", "passphrase", "passphrase-file")
_ANOTHER = "Name a file that holds the key, and that only you can read."
_HEX = re.compile(r"[0-9a-fA-F]{64}")


class LocalProvider(Provider):
    """A key encryption key that this machine holds."""

    name = "local"
    schemes = (RFC_5649, SCRYPT)

    def __init__(
        self, source: str, kek: Secret | None = None, phrase: Secret | None = None
    ) -> None:
        super().__init__(source)
        self._kek = kek
        self._phrase = phrase
        self._derived: dict[bytes, Secret] = {}

    def describe(self) -> Description:
        """Tell where the key comes from and how it wraps."""
        scheme = "AES-256 key wrap with padding (RFC 5649)"
        if self._phrase is not None:
            scheme += f", KEK by scrypt (n = 2^{_LOG_N}, r = {_R}, p = {_P})"
        return Description(self.name, self.kms_key_id, {"scheme": scheme})

    def _wrap(self, payload: bytes, context: KeyContext) -> tuple[int, bytes]:  # noqa: ARG002 - local keys have no context of their own
        if self._phrase is None:
            return RFC_5649, aes_key_wrap_with_padding(self._key(b""), payload)
        # One salt for this object: scrypt is paid for once, not for every key of a batch.
        parameters = next(iter(self._derived), None) or (
            os.urandom(_SALT_BYTES) + bytes((_LOG_N, _R, _P))
        )
        return SCRYPT, parameters + aes_key_wrap_with_padding(self._key(parameters), payload)

    def _unwrap(self, scheme: int, wrapped: bytes, context: KeyContext) -> bytes:
        size = _SALT_BYTES + 3 if scheme == SCRYPT else 0
        if (self._phrase is None) != (scheme == RFC_5649) or len(wrapped) <= size:
            raise wrong_context(context)
        if size:
            _check_cost(wrapped[_SALT_BYTES:size])
        try:
            return aes_key_unwrap_with_padding(self._key(wrapped[:size]), wrapped[size:])
        except (InvalidUnwrap, ValueError):
            raise wrong_context(context) from None

    def _key(self, parameters: bytes) -> bytes:
        if self._kek is not None:
            return self._kek.reveal()
        if self._phrase is None:
            raise WrapError("There is no key encryption key", detail=self.kms_key_id)
        if parameters not in self._derived:
            salt, (log_n, r, p) = parameters[:_SALT_BYTES], parameters[_SALT_BYTES:]
            derive = Scrypt(salt=salt, length=KEY_BYTES, n=1 << log_n, r=r, p=p)
            self._derived[parameters] = Secret(derive.derive(self._phrase.reveal()))
        return self._derived[parameters].reveal()


def open_local(source: str, environ: Mapping[str, str] = os.environ) -> LocalProvider:
    """Return the provider of a source, as the module describes it.

    :raises WrapError: there is nothing, it is no key, or others may read it.
    """
    kind, colon, place = source.partition(":")
    if not colon or not place or kind not in _SOURCES:
        raise WrapError(
            "This names no local key encryption key",
            detail="a text that begins otherwise than " + ", ".join(f"{one}:" for one in _SOURCES),
            hint="Write it as file:/etc/dsvault/kek or env:VAULT_KEK.",
        )
    if kind.endswith("file"):
        path = Path(place).expanduser().absolute()  # as it is stored, it has to hold everywhere
        source, content = f"{kind}:{path}", _file(path)
    else:
        content = _variable(place, environ)
    if kind.startswith("passphrase"):
        return LocalProvider(source, phrase=_phrase(content, source))
    return LocalProvider(source, kek=_kek(content, source))


def _variable(name: str, environ: Mapping[str, str]) -> bytes:
    if not environ.get(name):
        raise WrapError(f"The environment variable {name} is not set", hint="Set it, or use file:.")
    return environ[name].encode()


def _file(path: Path) -> bytes:
    """Return the content of a file that nobody else may read.

    :raises WrapError: it cannot be read, or others may read it.
    """
    try:
        with path.open("rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                raise WrapError(f"{path} is no regular file", hint=_ANOTHER)
            if about.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise WrapError(
                    f"Others may use the file {path}",
                    detail=f"mode {stat.S_IMODE(about.st_mode):04o}",
                    hint=f"chmod 600 {path}, and take a new key if somebody may have read it.",
                )
            if about.st_uid not in {os.geteuid(), 0}:
                raise WrapError(
                    f"The file {path} belongs to somebody else",
                    detail=f"user {about.st_uid}",
                    hint="Use a file of your own, or one of root's.",
                )
            return file.read(4096)
    except OSError as error:
        is_missing = isinstance(error, FileNotFoundError)
        hint = f"{_ANOTHER} openssl rand -hex 32 makes one." if is_missing else _ANOTHER
        raise WrapError(
            f"The file {path} cannot be read", detail=error.strerror, hint=hint
        ) from None


def _kek(content: bytes, source: str) -> Secret:
    if len(content) == KEY_BYTES:
        return Secret(content)
    text = content.decode("ascii", "replace").strip()
    if not _HEX.fullmatch(text):
        raise WrapError(
            f"{source} holds no key encryption key",
            detail=f"{len(content)} bytes",
            hint="Expected are 32 bytes or 64 hex digits, as openssl rand -hex 32 makes them.",
        )
    return Secret(bytes.fromhex(text))


def _phrase(content: bytes, source: str) -> Secret:
    phrase = content.rstrip(b"\r\n")
    if len(phrase) < _SHORTEST_PHRASE:
        raise WrapError(
            f"The passphrase of {source} is too short",
            hint=f"Use at least {_SHORTEST_PHRASE} characters that nobody guesses.",
        )
    return Secret(phrase)


def _check_cost(parameters: bytes) -> None:
    log_n, r, p = parameters
    if not (1 <= log_n <= _MOST_LOG_N and 1 <= r <= _MOST_R and 1 <= p <= _MOST_P):
        raise WrapError(
            "The wrapped key asks for more work than this release does",
            detail=f"scrypt with n = 2^{log_n}, r = {r}, p = {p}",
        )
