"""Google Cloud Key Management Service. The context is additional authenticated data.

kms_key_id is projects/…/locations/…/keyRings/…/cryptoKeys/…; credentials come as Google's library
finds them. Every request and every answer is checked by its CRC32C, as Google advises, so that a
key that was damaged on its way is noticed before its plain copy is forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsvault.wrapping.envelope import wrong_context
from dsvault.wrapping.errors import ServiceError
from dsvault.wrapping.extras import package
from dsvault.wrapping.provider import Description, Provider

if TYPE_CHECKING:
    from dsvault.wrapping.envelope import KeyContext

_SCHEME = 1
_TIMEOUT_SECONDS = 20.0


class GcpProvider(Provider):
    """A symmetric key of Google Cloud KMS."""

    name = "gcp-kms"

    def __init__(self, kms_key_id: str, client: Any = None) -> None:  # noqa: ANN401 - of Google's library
        super().__init__(kms_key_id)
        self._errors = package("google.api_core.exceptions", "gcp")
        self._crc32c = package("google_crc32c", "gcp")
        self._client = client or _connect()

    def describe(self) -> Description:
        """Ask the service about the key."""
        key = self._call("get_crypto_key", {})
        primary = getattr(key, "primary", None)
        details = {
            "purpose": key.purpose.name,
            "primary": str(getattr(primary, "name", "")),
            "state": primary.state.name if primary else "",
        }
        return Description(self.name, self.kms_key_id, details)

    def _wrap(self, payload: bytes, context: KeyContext) -> tuple[int, bytes]:
        answer = self._call(
            "encrypt",
            {
                "plaintext": payload,
                "plaintext_crc32c": self._sum(payload),
                **self._associated(context),
            },
        )
        wrapped = bytes(answer.ciphertext)
        if not (
            answer.verified_plaintext_crc32c
            and answer.verified_additional_authenticated_data_crc32c
            and answer.ciphertext_crc32c == self._sum(wrapped)
        ):
            raise _damaged()
        return _SCHEME, wrapped

    def _unwrap(self, scheme: int, wrapped: bytes, context: KeyContext) -> bytes:  # noqa: ARG002 - there is one
        try:
            answer = self._call(
                "decrypt",
                {
                    "ciphertext": wrapped,
                    "ciphertext_crc32c": self._sum(wrapped),
                    **self._associated(context),
                },
            )
        except _RefusedError:
            raise wrong_context(context) from None
        payload = bytes(answer.plaintext)
        if answer.plaintext_crc32c != self._sum(payload):
            raise _damaged()
        return payload

    def _associated(self, context: KeyContext) -> dict[str, object]:
        data = context.encode()
        return {
            "additional_authenticated_data": data,
            "additional_authenticated_data_crc32c": self._sum(data),
        }

    def _sum(self, data: bytes) -> int:
        return int(self._crc32c.value(data))

    def _call(self, operation: str, request: dict[str, object]) -> Any:  # noqa: ANN401 - of Google's library
        """Call the service; its message is not repeated, its code is."""
        try:
            return getattr(self._client, operation)(
                request={"name": self.kms_key_id, **request}, timeout=_TIMEOUT_SECONDS
            )
        except self._errors.InvalidArgument:
            raise _RefusedError(detail=operation) from None
        except self._errors.GoogleAPIError as error:
            raise ServiceError(
                f"Google Cloud KMS did not {operation.replace('_', ' ')}",
                detail=type(error).__name__,
                hint="Look at the key's state, its name, and the credentials.",
            ) from None


class _RefusedError(ServiceError):
    """Google Cloud KMS refuses the request as it is."""


def _damaged() -> ServiceError:
    return ServiceError(
        "A request to Google Cloud KMS or its answer was damaged on the way",
        detail="a CRC32C that does not fit",
        hint="Try again; if it stays so, look at the network between.",
    )


def _connect() -> Any:  # noqa: ANN401 - of Google's library
    kms = package("google.cloud.kms", "gcp")
    errors = package("google.auth.exceptions", "gcp")
    try:
        return kms.KeyManagementServiceClient()
    except errors.GoogleAuthError as error:
        raise ServiceError(
            "Google Cloud KMS cannot be asked without credentials", detail=type(error).__name__
        ) from None
