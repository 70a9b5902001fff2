"""Providers by name; each is imported when it is used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from dsvault.wrapping.errors import WrapError
from dsvault.wrapping.local import open_local

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dsvault.wrapping.provider import Provider

_SERVICES: Mapping[str, tuple[str, str]] = {
    "aws-kms": ("dsvault.wrapping.aws", "AwsProvider"),
    "gcp-kms": ("dsvault.wrapping.gcp", "GcpProvider"),
    "azure-kv": ("dsvault.wrapping.azure", "AzureProvider"),
    "vault": ("dsvault.wrapping.hashicorp", "VaultProvider"),
}


def open_provider(name: str, kms_key_id: str) -> Provider:
    """Return the provider of a row's kms_provider with its kms_key_id.

    :raises WrapError: there is no such provider, or its key cannot be named so.
    :raises dsvault.wrapping.errors.MissingExtraError: its packages are not installed.
    """
    if name == "local":
        return open_local(kms_key_id)
    if name not in _SERVICES:
        known = ", ".join(("local", *_SERVICES))
        raise WrapError(f"There is no provider {name}", hint=f"Known are {known}.")
    module, kind = _SERVICES[name]
    provider: Provider = getattr(import_module(module), kind)(kms_key_id)
    return provider
