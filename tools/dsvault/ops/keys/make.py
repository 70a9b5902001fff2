"""Make, show, import and rotate keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from dsvault.client.keys import KEY_TYPES, KeyRow, new_key, store_key
from dsvault.ops.keys.session import KeyList, KeyOperationError, KeyUse, at_desk
from dsvault.queries import load
from dsvault.wrapping import WrapError, open_provider

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dsvault.crypto import Secret
    from dsvault.target import Target
    from dsvault.wrapping import Description


@dataclass(frozen=True, slots=True)
class KeyRequest:
    """What a key is to be: types of KEY_TYPES, a provider and its key, and an end."""

    key_types: Sequence[str]
    kms: str
    kek: str
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A key, what its provider says of its key, and what it encrypts."""

    key: KeyRow
    provider: Description | None
    use: KeyUse

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object; provider is null if it cannot be asked."""
        return {
            **self.key.as_json(),
            "provider": self.provider.details if self.provider else None,
            "use": {
                "datasets": self.use.datasets,
                "records": self.use.records,
                "tokens": self.use.tokens,
            },
            "legal_hold": self.use.is_held,
        }


@dataclass(frozen=True, slots=True)
class Rotation:
    """The key that encrypts from now on, and the one that only reads now."""

    new: KeyRow
    old: KeyRow

    def as_json(self) -> dict[str, Any]:
        """Return it as one JSON object."""
        return {"new": self.new.as_json(), "old": self.old.as_json()}


def create_keys(target: Target, tenant: str, request: KeyRequest) -> KeyList:
    """Make an active key of each type, all of them or none.

    :raises KeyOperationError: there is an active one already, or the database refuses.
    :raises dsvault.wrapping.WrapError: the provider refuses.
    """
    _check_types(request.key_types)
    provider = open_provider(request.kms, request.kek)
    with at_desk(target, tenant) as desk:
        made = [
            new_key(UUID(desk.tenant.id), key_type, provider, expires_at=request.expires_at)
            for key_type in request.key_types
        ]
        return KeyList(desk.tenant, [store_key(desk.session, key) for key in made])


def import_key(target: Target, tenant: str, request: KeyRequest, secret: Secret) -> KeyList:
    """Wrap a key that was made elsewhere, 32 bytes, and store it as the active one of its type.

    :raises KeyOperationError: it has not 32 bytes, or there is an active one already.
    :raises dsvault.wrapping.WrapError: the provider refuses.
    """
    _check_types(request.key_types)
    if len(secret) != 32:
        raise KeyOperationError(
            "A key has 32 bytes",
            detail=f"{len(secret)} bytes",
            hint="Give the bytes themselves, neither as digits nor with an end of line.",
        )
    provider = open_provider(request.kms, request.kek)
    [key_type] = request.key_types
    with at_desk(target, tenant) as desk:
        tenant_id = UUID(desk.tenant.id)
        key = new_key(tenant_id, key_type, provider, secret=secret, expires_at=request.expires_at)
        return KeyList(desk.tenant, [store_key(desk.session, key)])


def list_keys(target: Target, tenant: str) -> KeyList:
    """Return all keys of a tenant, by type and age."""
    with at_desk(target, tenant) as desk:
        return KeyList(desk.tenant, desk.keys.rows())


def show_key(target: Target, tenant: str, key_id: UUID) -> Shown:
    """Return a key, what its provider says, and what it encrypts.

    :raises dsvault.crypto.UnknownKeyError: the tenant has no such key.
    """
    with at_desk(target, tenant) as desk:
        row = desk.keys.row(key_id)
        try:
            described = desk.keys.provider(row).describe()
        except WrapError:
            described = None
        return Shown(row, described, desk.use(key_id))


def unwrap_key(target: Target, tenant: str, key_id: UUID) -> tuple[KeyRow, Secret]:
    """Return a key and its bytes. The caller wipes them.

    :raises dsvault.client.keys.RevokedKeyError: it was revoked.
    :raises dsvault.wrapping.WrapError: it cannot be unwrapped.
    """
    with at_desk(target, tenant) as desk:
        row = desk.keys.row(key_id)
        return row, desk.keys.secret(row)


def rotate_key(target: Target, tenant: str, request: KeyRequest) -> Rotation:
    """Let a new key encrypt from now on; the old one is kept for reading. All of it or nothing.

    :raises KeyOperationError: there is no active key of that type and provider, or it hashes.
    :raises dsvault.wrapping.WrapError: the provider refuses.
    """
    _check_types(request.key_types)
    [key_type] = request.key_types
    if key_type == "hash":
        raise KeyOperationError(
            "A key for hashes is not rotated",
            hint="Every content_hash and token_hash would change: no token would be found again.",
        )
    provider = open_provider(request.kms, request.kek)
    with at_desk(target, tenant) as desk:
        old = desk.session.fetch(
            KeyRow, load("key/retire"), desk.tenant.id, key_type, provider.name
        )
        if not old:
            raise KeyOperationError(
                f"There is no active {key_type} key of {provider.name} to rotate",
                hint="dsvault key list shows the keys, dsvault key create makes one.",
            )
        key = new_key(UUID(desk.tenant.id), key_type, provider, expires_at=request.expires_at)
        return Rotation(store_key(desk.session, key), old[0])


def _check_types(key_types: Sequence[str]) -> None:
    unknown = set(key_types) - set(KEY_TYPES)
    if unknown or not key_types:
        raise KeyOperationError(
            "There is no such type of key", hint=f"One of {', '.join(KEY_TYPES)}."
        )
