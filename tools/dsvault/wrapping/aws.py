"""AWS Key Management Service. The context is its encryption context.

kms_key_id is a key's ARN, an alias' ARN, a key id or alias/…; an ARN names the region, else the
environment does (AWS_REGION). Credentials come as boto3 finds them.
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
_ARN_REGION = 3


class AwsProvider(Provider):
    """A symmetric key of AWS KMS."""

    name = "aws-kms"

    def __init__(self, kms_key_id: str, client: Any = None) -> None:  # noqa: ANN401 - of boto3
        super().__init__(kms_key_id)
        self._errors = package("botocore.exceptions", "aws")
        self._client = client or _connect(kms_key_id)

    def describe(self) -> Description:
        """Ask the service about the key."""
        about = self._call("describe_key")["KeyMetadata"]
        details = {name: str(about[name]) for name in ("Arn", "KeyState", "KeySpec", "Origin")}
        return Description(self.name, self.kms_key_id, details)

    def _wrap(self, payload: bytes, context: KeyContext) -> tuple[int, bytes]:
        answer = self._call("encrypt", Plaintext=payload, EncryptionContext=context.as_mapping())
        return _SCHEME, bytes(answer["CiphertextBlob"])

    def _unwrap(self, scheme: int, wrapped: bytes, context: KeyContext) -> bytes:  # noqa: ARG002 - there is one
        try:
            answer = self._call(
                "decrypt", CiphertextBlob=wrapped, EncryptionContext=context.as_mapping()
            )
        except _RefusedError:
            raise wrong_context(context) from None
        return bytes(answer["Plaintext"])

    def _call(self, operation: str, **values: object) -> dict[str, Any]:
        """Call the service; its message is not repeated, its code is."""
        try:
            answer: dict[str, Any] = getattr(self._client, operation)(
                KeyId=self.kms_key_id, **values
            )
        except self._errors.ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", "unknown"))
            if code in {"InvalidCiphertextException", "IncorrectKeyException"}:
                raise _RefusedError from None
            raise _service_error(operation, code) from None
        except self._errors.BotoCoreError as error:
            raise _service_error(operation, type(error).__name__) from None
        return answer


class _RefusedError(ServiceError):
    """AWS KMS says that the ciphertext is not of this key and context."""


def _service_error(operation: str, code: str) -> ServiceError:
    return ServiceError(
        f"AWS KMS did not {operation.replace('_', ' ')}",
        detail=code,
        hint="Look at the key's state and policy, the credentials and the region.",
    )


def _connect(kms_key_id: str) -> Any:  # noqa: ANN401 - boto3 makes its classes at run time
    boto3 = package("boto3", "aws")
    errors = package("botocore.exceptions", "aws")
    parts = kms_key_id.split(":")
    region = parts[_ARN_REGION] if parts[0] == "arn" and len(parts) > _ARN_REGION else None
    try:
        return boto3.client("kms", region_name=region)
    except errors.BotoCoreError as error:
        raise _service_error("connect", type(error).__name__) from None
