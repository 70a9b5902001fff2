"""The contract of every provider, held by Azure's client with keys of this process (JWK)."""

from __future__ import annotations

from typing import Any

import pytest
from tests.keys.contract import MATERIAL, ProviderContract, Subject
from tests.keys.packages import need

from dsvault.crypto import Secret
from dsvault.wrapping import ServiceError, WrongContextError

crypto = need("azure.keyvault.keys.crypto", "azure.identity")
from azure.keyvault.keys import JsonWebKey
from cryptography.hazmat.primitives.asymmetric import rsa

from dsvault.wrapping.azure import AzureProvider

ADDRESS = "https://vault.example.vault.azure.net/keys/"


def jwk(name: str) -> Any:
    """Return a new RSA key as Key Vault describes it."""
    numbers = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_numbers()
    values = {
        "n": numbers.public_numbers.n, "e": numbers.public_numbers.e, "d": numbers.d,
        "p": numbers.p, "q": numbers.q, "dp": numbers.dmp1, "dq": numbers.dmq1, "qi": numbers.iqmp,
    }  # fmt: skip
    parts = {
        key: number.to_bytes((number.bit_length() + 7) // 8, "big")
        for key, number in values.items()
    }
    return JsonWebKey(
        kid=f"{ADDRESS}{name}/version1", kty="RSA", key_ops=["wrapKey", "unwrapKey"], **parts
    )


class Service:
    """Makes clients of addresses and notes which were asked for."""

    def __init__(self, name: str) -> None:
        self.client = crypto.CryptographyClient.from_jwk(jwk(name))
        self.asked: list[str] = []

    def __call__(self, address: str) -> Any:
        self.asked.append(address)
        return self.client


KEYS = {name: Service(name) for name in ("first", "second")}


@pytest.fixture
def subject() -> Subject:
    return Subject(*(AzureProvider(ADDRESS + name, KEYS[name]) for name in KEYS))


class TestAzure(ProviderContract):
    def test_the_version_that_wrapped_unwraps(self) -> None:
        service = Service("third")
        provider = AzureProvider(f"{ADDRESS}third", service)
        context = Subject(provider, provider).context
        wrapped = provider.wrap(Secret(MATERIAL), context)
        provider.unwrap(wrapped, context)
        assert service.asked == [f"{ADDRESS}third", f"{ADDRESS}third/version1"]

    def test_what_is_stored_sends_nobody_to_another_vault(self) -> None:
        service = Service("fourth")
        provider = AzureProvider(f"{ADDRESS}fourth", service)
        context = Subject(provider, provider).context
        wrapped = provider.wrap(Secret(MATERIAL), context)
        for place in ("https://evil.example/keys/fourth/version1", f"{ADDRESS}fourth2/version1"):
            address = place.encode()
            end = 8 + int.from_bytes(wrapped[6:8], "big")
            moved = wrapped[:6] + len(address).to_bytes(2, "big") + address + wrapped[end:]
            with pytest.raises(WrongContextError):
                provider.unwrap(moved, context)
        assert service.asked == [f"{ADDRESS}fourth"]

    def test_a_refusal_of_the_service_is_told_by_its_kind(self) -> None:
        from azure.core.exceptions import ClientAuthenticationError

        class Refusing:
            def wrap_key(self, *arguments: object) -> None:
                raise ClientAuthenticationError(f"no: {arguments!r}")

        provider = AzureProvider(f"{ADDRESS}fifth", lambda _: Refusing())
        with pytest.raises(ServiceError, match="did not wrap") as caught:
            provider.wrap(Secret(MATERIAL), Subject(provider, provider).context)
        assert caught.value.detail == "ClientAuthenticationError"
        assert "thirty-two" not in "".join(caught.value.lines())
