"""Keys and places for tests."""

from __future__ import annotations

from uuid import UUID

from dsvault.crypto import DataKey, HashKey, Keyring, RecordReader, RecordWriter, Secret

TENANT = UUID("11111111-1111-4111-8111-111111111111")
DATASET = UUID("22222222-2222-4222-8222-222222222222")
RECORD = UUID("33333333-3333-4333-8333-333333333333")
KEY_ID = UUID("44444444-4444-4444-8444-444444444444")
FIELD_KEY_ID = UUID("55555555-5555-4555-8555-555555555555")
HASH_KEY_ID = UUID("66666666-6666-4666-8666-666666666666")
OTHER = UUID("99999999-9999-4999-8999-999999999999")

MATERIAL = bytes(range(32))


def data_key(key_id: UUID = KEY_ID, material: bytes = MATERIAL) -> DataKey:
    return DataKey(key_id, Secret(material))


def hash_key(tenant_id: UUID = TENANT) -> HashKey:
    return HashKey(HASH_KEY_ID, tenant_id, Secret(b"h" * 32))


def writer(**changes: object) -> RecordWriter:
    values: dict[str, object] = {
        "tenant_id": TENANT, "dataset_id": DATASET, "key": data_key(), "hash_key": hash_key(),
    }  # fmt: skip
    return RecordWriter(**values | changes)  # type: ignore[arg-type]


def reader(*keys: DataKey) -> RecordReader:
    return RecordReader(TENANT, DATASET, Keyring(keys or [data_key()]))
