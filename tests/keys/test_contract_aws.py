"""The contract of every provider, held by AWS KMS as moto's server plays it over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.keys.contract import MATERIAL, ProviderContract, Subject
from tests.keys.packages import need

from dsvault.crypto import Secret
from dsvault.wrapping import ServiceError

boto3 = need("boto3", "moto", "flask", "flask_cors")
from botocore.config import Config
from botocore.exceptions import ClientError
from moto.server import ThreadedMotoServer

from dsvault.wrapping.aws import AwsProvider

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    client = boto3.client(
        "kms",
        endpoint_url=f"http://127.0.0.1:{port}",
        region_name="eu-central-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )
    yield client
    client.close()
    server.stop()


@pytest.fixture
def subject(client: Any) -> Subject:
    keys = [client.create_key()["KeyMetadata"]["Arn"] for _ in range(2)]
    return Subject(*(AwsProvider(key, client) for key in keys))


class TestAws(ProviderContract):
    def test_the_service_itself_refuses_another_context(
        self, subject: Subject, client: Any
    ) -> None:
        blob = subject.provider.wrap(Secret(MATERIAL), subject.context)[6:]
        right = subject.context.as_mapping()
        payload = client.decrypt(CiphertextBlob=blob, EncryptionContext=right)["Plaintext"]
        assert payload == MATERIAL + subject.context.digest()
        for wrong in ({}, right | {"tenant": "another"}):
            with pytest.raises(ClientError, match="InvalidCiphertext"):
                client.decrypt(CiphertextBlob=blob, EncryptionContext=wrong)

    def test_a_disabled_or_missing_key_is_an_error_of_the_service(
        self, subject: Subject, client: Any
    ) -> None:
        nowhere = AwsProvider("alias/nowhere", client)
        with pytest.raises(ServiceError, match="AWS KMS did not encrypt") as caught:
            nowhere.wrap(Secret(MATERIAL), subject.context)
        assert caught.value.detail == "NotFoundException"
        assert not nowhere.health().is_healthy

    def test_an_unreachable_service_is_one_too(self, subject: Subject) -> None:
        client = boto3.client(
            "kms",
            endpoint_url="http://127.0.0.1:9",
            region_name="eu-central-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}),
        )
        with pytest.raises(ServiceError, match="did not encrypt"):
            AwsProvider("alias/x", client).wrap(Secret(MATERIAL), subject.context)
        client.close()
