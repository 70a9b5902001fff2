"""The keys of tenants, as an operator: made, listed, rotated, wrapped anew, revoked, destroyed.

Each change is one transaction of a login that may act as dsvault_operator. Operators see wrapped
keys; to unwrap one takes what its provider asks for, which the database never has.
"""

from __future__ import annotations

from dsvault.ops.keys.health import KeyHealth, health
from dsvault.ops.keys.make import (
    KeyRequest,
    Rotation,
    create_keys,
    import_key,
    list_keys,
    rotate_key,
    show_key,
    unwrap_key,
)
from dsvault.ops.keys.retire import Retirement, destroy_key, revoke_key
from dsvault.ops.keys.rewrap import Rewrapped, rewrap_keys
from dsvault.ops.keys.session import KeyList, KeyOperationError

__all__ = [
    "KeyHealth",
    "KeyList",
    "KeyOperationError",
    "KeyRequest",
    "Retirement",
    "Rewrapped",
    "Rotation",
    "create_keys",
    "destroy_key",
    "health",
    "import_key",
    "list_keys",
    "revoke_key",
    "rewrap_keys",
    "rotate_key",
    "show_key",
    "unwrap_key",
]
