"""The contract of every provider, held by hvac against a Transit engine of this process.

It is a fake: it checks the form of every call as Vault's API documentation gives it, and derives a
key for each context, as Vault does for keys made with derived=true.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from tests.keys.contract import MATERIAL, ProviderContract, Subject
from tests.keys.packages import need

from dsvault.crypto import Secret
from dsvault.wrapping import ServiceError, WrapError

hvac = need("hvac", "requests")
from dsvault.wrapping.hashicorp import VaultProvider

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "s.test"
KEYS = {name: {"key": os.urandom(32), "derived": name != "shared"} for name in ("a", "b", "shared")}


class Transit(BaseHTTPRequestHandler):
    """The three calls of a Transit engine that the provider makes."""

    def log_message(self, *arguments: object) -> None:
        """Stay silent."""

    def answer(self, status: int, data: dict[str, Any] | None = None) -> None:
        body = json.dumps({"data": data} if data else {"errors": ["refused"]}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        action, name = self.call()
        if self.headers.get("X-Vault-Token") != TOKEN:
            return self.answer(403)
        if action != "keys" or name not in KEYS:
            return self.answer(404)
        about = {"type": "aes256-gcm96", "latest_version": 1, "exportable": False}
        return self.answer(200, about | {"derived": KEYS[name]["derived"]})

    def do_POST(self) -> None:
        action, name = self.call()
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers.get("X-Vault-Token") != TOKEN:
            return self.answer(403)
        if name not in KEYS or action not in {"encrypt", "decrypt"}:
            return self.answer(404)
        try:
            return self.answer(200, getattr(self, action)(KEYS[name]["key"], given))
        except (KeyError, AssertionError, InvalidTag, ValueError, binascii.Error):
            return self.answer(400)

    do_PUT = do_POST  # noqa: N815 - the name of the method it serves

    def call(self) -> tuple[str, str]:
        version, mount, action, name = self.path.strip("/").split("/")
        assert (version, mount) == ("v1", "transit")
        return action, name

    def encrypt(self, key: bytes, given: dict[str, str]) -> dict[str, str]:
        context, nonce = decoded(given["context"]), os.urandom(12)
        assert len(context) == 32
        sealed = AESGCM(key).encrypt(nonce, decoded(given["plaintext"]), context)
        return {"ciphertext": "vault:v1:" + base64.b64encode(nonce + sealed).decode()}

    def decrypt(self, key: bytes, given: dict[str, str]) -> dict[str, str]:
        assert given["ciphertext"].startswith("vault:v1:")
        blob = decoded(given["ciphertext"].removeprefix("vault:v1:"))
        plain = AESGCM(key).decrypt(blob[:12], blob[12:], decoded(given["context"]))
        return {"plaintext": base64.b64encode(plain).decode()}


def decoded(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Transit)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def subject(address: str, monkeypatch: pytest.MonkeyPatch) -> Subject:
    monkeypatch.setenv("VAULT_ADDR", address)
    monkeypatch.setenv("VAULT_TOKEN", TOKEN)
    monkeypatch.delenv("VAULT_NAMESPACE", raising=False)
    return Subject(VaultProvider("transit/a"), VaultProvider("transit/b"))


class TestVault(ProviderContract):
    def test_a_key_that_ignores_the_context_is_refused(self, subject: Subject) -> None:
        with pytest.raises(WrapError, match="not derived"):
            VaultProvider("transit/shared").wrap(Secret(MATERIAL), subject.context)

    def test_a_wrong_token_and_a_missing_key_are_errors_of_the_service(
        self, subject: Subject, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with pytest.raises(ServiceError, match="did not read key"):
            VaultProvider("transit/nowhere").wrap(Secret(MATERIAL), subject.context)
        monkeypatch.setenv("VAULT_TOKEN", "s.wrong")
        with pytest.raises(ServiceError) as caught:
            VaultProvider("transit/a").wrap(Secret(MATERIAL), subject.context)
        assert caught.value.detail == "Forbidden"

    def test_an_unreachable_service_is_one_too(
        self, subject: Subject, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("VAULT_ADDR", "http://127.0.0.1:9")
        assert not VaultProvider("transit/a").health().is_healthy

    @pytest.mark.parametrize("name", ["dsvault", "/dsvault", "transit/"])
    def test_a_name_without_mount_or_key_is_refused(self, name: str) -> None:
        with pytest.raises(WrapError, match="Transit"):
            VaultProvider(name)

    def test_an_address_is_needed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("VAULT_ADDR", raising=False)
        with pytest.raises(WrapError, match="VAULT_ADDR"):
            VaultProvider("transit/a")
