"""Azure Key Vault: an RSA key wraps by RSA-OAEP-256.

kms_key_id is the key's address, https://….vault.azure.net/keys/…, with or without a version. Key
Vault takes no context: the binding inside of the wrap is all there is. The version that wrapped
stands before the wrap, since unwrapping must name it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsvault.wrapping.envelope import wrong_context
from dsvault.wrapping.errors import ServiceError
from dsvault.wrapping.extras import package
from dsvault.wrapping.provider import Description, Provider

if TYPE_CHECKING:
    from collections.abc import Callable

    from dsvault.wrapping.envelope import KeyContext

_RSA_OAEP_256 = 1


class AzureProvider(Provider):
    """An RSA key of Azure Key Vault or Managed HSM."""

    name = "azure-kv"

    def __init__(
        self,
        kms_key_id: str,
        client: Callable[[str], Any] | None = None,
    ) -> None:
        """Take kms_key_id's address; client makes the CryptographyClient of an address."""
        super().__init__(kms_key_id)
        self._errors = package("azure.core.exceptions", "azure")
        crypto = package("azure.keyvault.keys.crypto", "azure")
        self._algorithm = crypto.KeyWrapAlgorithm.rsa_oaep_256
        self._connect = client or _connect
        self._clients: dict[str, Any] = {}

    def describe(self) -> Description:
        """Tell the address and the algorithm; nothing is asked of the service."""
        return Description(self.name, self.kms_key_id, {"scheme": "RSA-OAEP-256"})

    def _wrap(self, payload: bytes, context: KeyContext) -> tuple[int, bytes]:  # noqa: ARG002 - it takes none
        try:
            answer = self._client(self.kms_key_id).wrap_key(self._algorithm, payload)
        except self._errors.AzureError as error:
            raise _service_error("wrap", error) from None
        address = str(answer.key_id or self.kms_key_id).encode()
        return _RSA_OAEP_256, len(address).to_bytes(2, "big") + address + answer.encrypted_key

    def _unwrap(self, scheme: int, wrapped: bytes, context: KeyContext) -> bytes:  # noqa: ARG002 - there is one
        end = 2 + int.from_bytes(wrapped[:2], "big")
        address = wrapped[2:end].decode("utf-8", "replace")
        # What is stored may not send us, with our credentials, to another vault or key.
        if address != self.kms_key_id and not address.startswith(f"{self.kms_key_id}/"):
            raise wrong_context(context)
        try:
            answer = self._client(address).unwrap_key(self._algorithm, wrapped[end:])
        except ValueError:  # of a local key
            raise wrong_context(context) from None
        except self._errors.HttpResponseError as error:
            if error.status_code == 400:
                raise wrong_context(context) from None
            raise _service_error("unwrap", error) from None
        except self._errors.AzureError as error:
            raise _service_error("unwrap", error) from None
        return bytes(answer.key)

    def _client(self, address: str) -> Any:  # noqa: ANN401 - of Azure's library
        if address not in self._clients:
            self._clients[address] = self._connect(address)
        return self._clients[address]


def _service_error(operation: str, error: Exception) -> ServiceError:
    return ServiceError(
        f"Azure Key Vault did not {operation} the key",
        detail=type(error).__name__,
        hint="Look at the key's state, its permitted operations, and the credentials.",
    )


def _connect(address: str) -> Any:  # noqa: ANN401 - of Azure's library
    crypto = package("azure.keyvault.keys.crypto", "azure")
    identity = package("azure.identity", "azure")
    try:
        return crypto.CryptographyClient(address, credential=identity.DefaultAzureCredential())
    except ValueError:
        raise ServiceError(
            "This is no address of a key in Azure Key Vault", detail=repr(address)
        ) from None
