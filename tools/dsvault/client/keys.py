"""The keys of a tenant: read from encryption_keys, unwrapped when they are needed.

    keys = KeyStore(database, tenant_id)
    writer = RecordWriter(tenant_id, dataset_id, keys.encrypting("dataset"), keys.hashing())
    reader = RecordReader(tenant_id, dataset_id, keys.ring())

The rows name their provider and its key; `opener` turns these into a Provider. Whoever reads keys
needs key:read, and what the provider asks for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from dsvault.crypto import CryptoError, DataKey, HashKey, Keyring, Secret, UnknownKeyError
from dsvault.queries import load
from dsvault.wrapping import KeyContext, Provider, open_provider

if TYPE_CHECKING:
    from collections.abc import Callable

    from dsvault.client.database import Database

HASH_ALGORITHM = "HMAC-SHA-256"
DATA_ALGORITHM = "AES-256-GCM"
KEY_TYPES = ("dataset", "field", "backup", "hash")


class NoActiveKeyError(CryptoError):
    """The tenant has no key that encrypts."""


class RevokedKeyError(CryptoError):
    """The key was revoked; it neither encrypts nor decrypts."""


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A row of encryption_keys."""

    id: UUID
    tenant_id: UUID
    key_type: str
    algorithm: str
    kms_provider: str
    kms_key_id: str
    wrapped_key: bytes = field(repr=False)
    created_at: datetime
    rotated_at: datetime | None
    expires_at: datetime | None
    status: str

    @property
    def context(self) -> KeyContext:
        """What the wrapped key is bound to."""
        return KeyContext(self.tenant_id, self.id, self.key_type, self.kms_provider)

    @property
    def has_expired(self) -> bool:
        """Whether its time is over, whatever its status says."""
        return self.expires_at is not None and self.expires_at <= datetime.now(UTC)

    def as_json(self) -> dict[str, object]:
        """Return it with stable keys; the wrapped key is told by its size."""
        return {
            "id": str(self.id),
            "tenant_id": str(self.tenant_id),
            "key_type": self.key_type,
            "algorithm": self.algorithm,
            "kms_provider": self.kms_provider,
            "kms_key_id": self.kms_key_id,
            "wrapped_bytes": len(self.wrapped_key),
            "created_at": self.created_at.isoformat(),
            "rotated_at": self.rotated_at.isoformat() if self.rotated_at else None,
            "expires_at": self.expires_at.isoformat() if self.expires_at else None,
            "status": self.status,
        }


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key to store: its wrap, for a row that is not there yet."""

    id: UUID
    key_type: str
    provider: str
    kms_key_id: str
    wrapped_key: bytes = field(repr=False)
    expires_at: datetime | None = None

    @property
    def algorithm(self) -> str:
        """The algorithm of keys of this type."""
        return HASH_ALGORITHM if self.key_type == "hash" else DATA_ALGORITHM


def new_key(
    tenant_id: UUID,
    key_type: str,
    provider: Provider,
    *,
    secret: Secret | None = None,
    expires_at: datetime | None = None,
) -> NewKey:
    """Make a key, or take one, and wrap it for a new row.

    :raises dsvault.wrapping.WrapError: the provider refuses.
    """
    key_id = uuid4()
    material = secret or Secret.random()
    try:
        wrapped = provider.wrap(material, KeyContext(tenant_id, key_id, key_type, provider.name))
    finally:
        if secret is None:
            material.wipe()
    return NewKey(key_id, key_type, provider.name, provider.kms_key_id, wrapped, expires_at)


def store_key(database: Database, key: NewKey) -> KeyRow:
    """Insert a key into the tenant of the open transaction; needs key:manage."""
    [row] = database.fetch(
        KeyRow, load("key/insert"), key.id, key.key_type, key.algorithm, key.provider,
        key.kms_key_id, key.wrapped_key, key.expires_at,
    )  # fmt: skip
    return row


class KeyStore:
    """The keys of one tenant, by the rows that the open transaction sees."""

    def __init__(
        self,
        database: Database,
        tenant_id: UUID,
        opener: Callable[[str, str], Provider] = open_provider,
    ) -> None:
        self._database = database
        self._tenant_id = tenant_id
        self._opener = opener
        self._providers: dict[tuple[str, str], Provider] = {}

    def __repr__(self) -> str:
        """Tell whose keys they are."""
        return f"KeyStore({self._tenant_id}, keys not shown)"

    def rows(self, key_id: UUID | None = None) -> list[KeyRow]:
        """Return the tenant's keys by type and age, or the one of an id."""
        return self._database.fetch(KeyRow, load("key/list"), self._tenant_id, key_id)

    def row(self, key_id: UUID) -> KeyRow:
        """Return the row of a key.

        :raises UnknownKeyError: the transaction sees none of that id.
        """
        rows = self.rows(key_id)
        if not rows:
            raise UnknownKeyError(
                f"There is no key {key_id} in this tenant",
                hint="dsvault key list shows the keys; an application needs key:read.",
            )
        return rows[0]

    def provider(self, row: KeyRow) -> Provider:
        """Return the provider of a row; one object for each of its keys."""
        name = (row.kms_provider, row.kms_key_id)
        if name not in self._providers:
            self._providers[name] = self._opener(*name)
        return self._providers[name]

    def secret(self, row: KeyRow) -> Secret:
        """Unwrap the key of a row.

        :raises RevokedKeyError: it was revoked.
        :raises dsvault.wrapping.WrapError: it cannot be unwrapped.
        """
        if row.status == "revoked":
            raise RevokedKeyError(detail=f"{row.key_type} key {row.id}")
        return self.provider(row).unwrap(row.wrapped_key, row.context)

    def encrypting(self, key_type: str) -> DataKey:
        """Return the key of a type that encrypts now.

        :raises NoActiveKeyError: there is none, or its time is over.
        """
        row = self._active(key_type)
        return DataKey(row.id, self.secret(row))

    def hashing(self) -> HashKey:
        """Return the key of the tenant's keyed hashes.

        :raises NoActiveKeyError: there is none.
        """
        row = self._active("hash")
        return HashKey(row.id, self._tenant_id, self.secret(row))

    def ring(self) -> Keyring:
        """Return a ring of all the tenant's data keys; each is unwrapped when it is asked for."""
        return _StoredKeyring(self)

    def _active(self, key_type: str) -> KeyRow:
        active = [row for row in self.rows() if (row.key_type, row.status) == (key_type, "active")]
        # There may be one of each provider; the newest is meant.
        usable = [row for row in active if not row.has_expired]
        if not usable:
            raise NoActiveKeyError(
                f"The tenant has no active {key_type} key",
                detail=f"{len(active)} expired" if active else "none that this login may see",
                hint=f"dsvault key {'rotate' if active else 'create'} makes one;"
                " an application needs key:read.",
            )
        return max(usable, key=lambda row: row.created_at)


class _StoredKeyring(Keyring):
    """A ring that unwraps a key when it is first asked for."""

    def __init__(self, store: KeyStore) -> None:
        super().__init__()
        self._store = store

    def key(self, key_id: UUID) -> DataKey:
        """Return a key; see Keyring.key."""
        if key_id not in self:
            row = self._store.row(key_id)
            if row.key_type == "hash":
                raise UnknownKeyError(f"The key {key_id} hashes; it encrypts nothing")
            self.add(DataKey(row.id, self._store.secret(row)))
        return super().key(key_id)
