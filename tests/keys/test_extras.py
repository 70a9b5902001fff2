"""Key services whose packages are not installed."""

from __future__ import annotations

import sys

import pytest

from dsvault.wrapping import MissingExtraError, open_provider


@pytest.mark.parametrize(
    ("provider", "kms_key_id", "package", "extra"),
    [
        ("aws-kms", "alias/vault", "botocore.exceptions", "aws"),
        ("gcp-kms", "projects/p", "google.api_core.exceptions", "gcp"),
        ("azure-kv", "https://v.vault.azure.net/keys/k", "azure.core.exceptions", "azure"),
        ("vault", "transit/k", "hvac", "vault"),
    ],
)
def test_the_message_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, provider: str, kms_key_id: str, package: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)  # as if it were not there
    with pytest.raises(MissingExtraError) as caught:
        open_provider(provider, kms_key_id)

    assert caught.value.message.startswith("The Python package ")
    assert f"pip install 'dsvault[{extra}]'" in (caught.value.hint or "")
