"""The keys of one tenant while its demonstration data is written, by dsvault.crypto.

The key encryption key is made for one tenant and forgotten with this object: what the demonstration
stores stays sealed.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from dsvault.crypto import DataKey, HashKey, RecordWriter, Secret, encode_json, token_place
from dsvault.wrapping import KeyContext, LocalProvider

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dsvault.crypto import Batch, FieldRule


class Sealer:
    """Keys that encrypt and hash for one tenant."""

    def __init__(self, tenant_id: UUID) -> None:
        self._tenant_id = tenant_id
        self._secrets = {"dataset": Secret.random(), "field": Secret.random()}
        self.key_ids = {key_type: uuid4() for key_type in self._secrets}
        self._dataset_key, self._field_key = (
            DataKey(self.key_ids[key_type], secret) for key_type, secret in self._secrets.items()
        )
        self._hash_key = HashKey(uuid4(), tenant_id, Secret.random())

    def __repr__(self) -> str:
        """Tell nothing of the keys."""
        return "Sealer(keys not shown)"

    def wrapped_keys(self) -> dict[str, bytes]:
        """Return each data key by type, wrapped under a key that is forgotten at once."""
        kek = LocalProvider("demonstration", Secret.random())
        return {
            key_type: kek.wrap(
                secret, KeyContext(self._tenant_id, self.key_ids[key_type], key_type, kek.name)
            )
            for key_type, secret in self._secrets.items()
        }

    def records(
        self,
        dataset_id: UUID,
        records: Sequence[Mapping[str, object]],
        fields: Sequence[FieldRule],
    ) -> Iterator[Batch]:
        """Encrypt the records of a dataset, some fields of them apart."""
        writer = RecordWriter(
            self._tenant_id, dataset_id, self._dataset_key, self._hash_key, fields, self._field_key
        )
        return writer.encrypt(records)

    def content_hashes(self, records: Sequence[Mapping[str, object]]) -> list[str]:
        """Return the keyed hash of each record."""
        return [self._hash_key.content_hash(encode_json(record)) for record in records]

    def token(self, pii_type: str, value: str) -> tuple[UUID, str, bytes]:
        """Return id, hash and encrypted value of a new token."""
        token_id = uuid4()
        place = token_place(self._tenant_id, token_id, pii_type)
        sealed = self._field_key.encrypt(value.encode(), place)
        return token_id, self._hash_key.token_hash(pii_type, value), sealed


def digest(parts: Sequence[str]) -> str:
    """Return SHA-256 over hex digits in their order, as 64 hex digits."""
    return hashlib.sha256("".join(parts).encode()).hexdigest()
