"""The contract of every provider, held by Google's client against a gRPC server of this process.

It is a fake: it checks the form of every call, its checksums too, as the API's documentation gives
it, and answers with the API's own messages.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from tests.keys.contract import MATERIAL, ProviderContract, Subject
from tests.keys.packages import need

from dsvault.crypto import Secret
from dsvault.wrapping import ServiceError

kms = need("google.cloud.kms", "google_crc32c", "grpc")
import google_crc32c
import grpc
from google.cloud.kms_v1.services.key_management_service.transports import (
    KeyManagementServiceGrpcTransport,
)

from dsvault.wrapping.gcp import GcpProvider

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PREFIX = "projects/p/locations/eu/keyRings/r/cryptoKeys/"
KEYS = {PREFIX + name: os.urandom(32) for name in ("a", "b")}

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")


def crc32c(data: bytes) -> int:
    return int(google_crc32c.value(data))


class KeyManagement:
    """The three calls of the service that the provider makes. damage spoils its answers."""

    def __init__(self) -> None:
        self.damage: Callable[[Any], None] = lambda _: None

    def key(self, request: Any, context: grpc.ServicerContext) -> bytes:
        if request.name not in KEYS:
            context.abort(grpc.StatusCode.NOT_FOUND, "no such key")
        return KEYS[request.name]

    def refuse_unless(self, context: grpc.ServicerContext, *conditions: bool) -> None:
        if not all(conditions):
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "refused")

    def encrypt(self, request: Any, context: grpc.ServicerContext) -> Any:
        key, data = self.key(request, context), request.additional_authenticated_data
        self.refuse_unless(
            context,
            len(request.plaintext) == 64,
            bool(data),
            request.plaintext_crc32c == crc32c(request.plaintext),
            request.additional_authenticated_data_crc32c == crc32c(data),
        )
        nonce = os.urandom(12)
        sealed = nonce + AESGCM(key).encrypt(nonce, request.plaintext, data)
        answer = kms.EncryptResponse(
            name=request.name,
            ciphertext=sealed,
            ciphertext_crc32c=crc32c(sealed),
            verified_plaintext_crc32c=True,
            verified_additional_authenticated_data_crc32c=True,
        )
        self.damage(answer)
        return answer

    def decrypt(self, request: Any, context: grpc.ServicerContext) -> Any:
        key, data, sealed = (
            self.key(request, context),
            request.additional_authenticated_data,
            request.ciphertext,
        )
        self.refuse_unless(
            context,
            len(sealed) > 28,
            request.ciphertext_crc32c == crc32c(sealed),
            request.additional_authenticated_data_crc32c == crc32c(data),
        )
        plain = b""
        try:
            plain = AESGCM(key).decrypt(sealed[:12], sealed[12:], data)
        except InvalidTag:
            self.refuse_unless(context, False)
        answer = kms.DecryptResponse(plaintext=plain, plaintext_crc32c=crc32c(plain))
        self.damage(answer)
        return answer

    def get(self, request: Any, context: grpc.ServicerContext) -> Any:
        self.key(request, context)
        return kms.CryptoKey(
            name=request.name,
            purpose=kms.CryptoKey.CryptoKeyPurpose.ENCRYPT_DECRYPT,
            primary={"name": request.name + "/cryptoKeyVersions/1", "state": "ENABLED"},
        )


def serving(service: KeyManagement) -> grpc.Server:
    calls = {
        "Encrypt": (service.encrypt, kms.EncryptRequest, kms.EncryptResponse),
        "Decrypt": (service.decrypt, kms.DecryptRequest, kms.DecryptResponse),
        "GetCryptoKey": (service.get, kms.GetCryptoKeyRequest, kms.CryptoKey),
    }
    handlers = {
        name: grpc.unary_unary_rpc_method_handler(
            call,
            request_deserializer=given.deserialize,
            response_serializer=answer.serialize,
        )
        for name, (call, given, answer) in calls.items()
    }
    server = grpc.server(ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers(
        [grpc.method_handlers_generic_handler("google.cloud.kms.v1.KeyManagementService", handlers)]
    )
    return server


@pytest.fixture(scope="module")
def service() -> KeyManagement:
    return KeyManagement()


@pytest.fixture(scope="module")
def client(service: KeyManagement) -> Iterator[Any]:
    server = serving(service)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield kms.KeyManagementServiceClient(
            transport=KeyManagementServiceGrpcTransport(channel=channel)
        )
    server.stop(0).wait()


@pytest.fixture
def subject(client: Any) -> Subject:
    return Subject(*(GcpProvider(name, client) for name in KEYS))


def unverified_plaintext(answer: Any) -> None:
    answer.verified_plaintext_crc32c = False


def unverified_context(answer: Any) -> None:
    answer.verified_additional_authenticated_data_crc32c = False


def changed_ciphertext(answer: Any) -> None:
    answer.ciphertext = answer.ciphertext[:-1] + b"\0"


class TestGcp(ProviderContract):
    @pytest.mark.parametrize(
        "damage", [unverified_plaintext, unverified_context, changed_ciphertext]
    )
    def test_a_wrap_that_was_damaged_on_its_way_is_not_used(
        self,
        subject: Subject,
        service: KeyManagement,
        monkeypatch: pytest.MonkeyPatch,
        damage: Callable[[Any], None],
    ) -> None:
        monkeypatch.setattr(service, "damage", damage)
        with pytest.raises(ServiceError, match="damaged"):
            subject.provider.wrap(Secret(MATERIAL), subject.context)

    def test_a_key_that_was_damaged_on_its_way_is_not_used(
        self, subject: Subject, service: KeyManagement, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wrapped = subject.provider.wrap(Secret(MATERIAL), subject.context)

        def damage(answer: Any) -> None:
            answer.plaintext_crc32c = answer.plaintext_crc32c ^ 1

        monkeypatch.setattr(service, "damage", damage)
        with pytest.raises(ServiceError, match="damaged"):
            subject.provider.unwrap(wrapped, subject.context)

    def test_a_missing_key_is_an_error_of_the_service(self, client: Any, subject: Subject) -> None:
        with pytest.raises(ServiceError, match="did not encrypt") as caught:
            GcpProvider(PREFIX + "nowhere", client).wrap(Secret(MATERIAL), subject.context)
        assert caught.value.detail == "NotFound"
