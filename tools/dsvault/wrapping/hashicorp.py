"""HashiCorp Vault, or OpenBao: its Transit engine. The context derives the key.

kms_key_id is mount/key, as transit/dsvault; the key must have been made with derived=true, so that
its context decides. VAULT_ADDR and VAULT_TOKEN say where it is and who we are.
"""

from __future__ import annotations

import base64
import binascii
import os
from typing import TYPE_CHECKING, Any

from dsvault.wrapping.envelope import wrong_context
from dsvault.wrapping.errors import ServiceError, WrapError
from dsvault.wrapping.extras import package
from dsvault.wrapping.provider import Description, Provider

if TYPE_CHECKING:
    from dsvault.wrapping.envelope import KeyContext

_SCHEME = 1
_TIMEOUT_SECONDS = 20


class VaultProvider(Provider):
    """A derived key of a Transit engine."""

    name = "vault"

    def __init__(self, kms_key_id: str, client: Any = None) -> None:  # noqa: ANN401 - of hvac
        super().__init__(kms_key_id)
        self._mount, slash, self._key = kms_key_id.rpartition("/")
        if not slash or not self._mount or not self._key:
            raise WrapError(
                "This names no key of a Transit engine",
                detail=repr(kms_key_id),
                hint="Write it as mount/key, for example transit/dsvault.",
            )
        self._hvac = package("hvac", "vault")
        self._transport = package("requests", "vault").RequestException
        self._client = client or _connect(self._hvac)
        self._is_checked = False

    def describe(self) -> Description:
        """Ask the service about the key."""
        about = self._call("read_key", name=self._key)
        names = ("type", "latest_version", "min_decryption_version", "derived", "exportable")
        details = {name: str(about.get(name)) for name in names}
        return Description(self.name, self.kms_key_id, details)

    def _wrap(self, payload: bytes, context: KeyContext) -> tuple[int, bytes]:
        self._refuse_shared_key()
        answer = self._call(
            "encrypt_data",
            name=self._key,
            plaintext=_text(payload),
            context=_text(context.digest()),
        )
        return _SCHEME, str(answer["ciphertext"]).encode()

    def _unwrap(self, scheme: int, wrapped: bytes, context: KeyContext) -> bytes:  # noqa: ARG002 - there is one
        try:
            answer = self._call(
                "decrypt_data",
                name=self._key,
                ciphertext=wrapped.decode("ascii", "replace"),
                context=_text(context.digest()),
            )
            return base64.b64decode(str(answer["plaintext"]), validate=True)
        except (_RefusedError, binascii.Error):
            raise wrong_context(context) from None

    def _refuse_shared_key(self) -> None:
        """Refuse a key whose context would be ignored."""
        if self._is_checked:
            return
        if not self._call("read_key", name=self._key).get("derived"):
            raise WrapError(
                f"The Transit key {self.kms_key_id} is not derived: it would ignore the context",
                hint="Make it with derived=true: vault write -f transit/keys/… derived=true",
            )
        self._is_checked = True

    def _call(self, operation: str, **values: str) -> dict[str, Any]:
        """Call the service; its message is not repeated, the kind of its refusal is."""
        call = getattr(self._client.secrets.transit, operation)
        try:
            answer: dict[str, Any] = call(mount_point=self._mount, **values)
        except self._hvac.exceptions.InvalidRequest:
            raise _RefusedError(detail=operation) from None
        except (self._hvac.exceptions.VaultError, self._transport) as error:
            raise ServiceError(
                f"Vault did not {operation.replace('_', ' ')}",
                detail=type(error).__name__,
                hint="Look at VAULT_ADDR, the token and its policy, and whether Vault is sealed.",
            ) from None
        data: dict[str, Any] = answer["data"]
        return data


class _RefusedError(ServiceError):
    """Vault refuses the request as it is."""


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _connect(hvac: Any) -> Any:  # noqa: ANN401 - of hvac
    address = os.environ.get("VAULT_ADDR")
    if not address:
        raise WrapError("The environment variable VAULT_ADDR is not set", hint="Name your Vault.")
    return hvac.Client(
        url=address,
        token=os.environ.get("VAULT_TOKEN"),
        namespace=os.environ.get("VAULT_NAMESPACE"),
        timeout=_TIMEOUT_SECONDS,
    )
