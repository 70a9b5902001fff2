"""Keys wrapped for encryption_keys: by a local key or by a key service.

provider = open_provider("local", "file:/etc/dsvault/kek")
context = KeyContext(tenant_id, key_id, "dataset", "local")
wrapped_key = provider.wrap(Secret.random(), context)
secret = provider.unwrap(wrapped_key, context)
"""

from __future__ import annotations

from dsvault.wrapping.envelope import PROVIDERS, KeyContext, destroyed_key
from dsvault.wrapping.errors import (
    DestroyedError,
    MissingExtraError,
    ServiceError,
    WrapError,
    WrappedFormatError,
    WrongContextError,
)
from dsvault.wrapping.local import LocalProvider, open_local
from dsvault.wrapping.provider import Description, Health, Provider
from dsvault.wrapping.registry import open_provider

__all__ = [
    "PROVIDERS",
    "Description",
    "DestroyedError",
    "Health",
    "KeyContext",
    "LocalProvider",
    "MissingExtraError",
    "Provider",
    "ServiceError",
    "WrapError",
    "WrappedFormatError",
    "WrongContextError",
    "destroyed_key",
    "open_local",
    "open_provider",
]
