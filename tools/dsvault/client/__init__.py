"""What applications do with a vault beside plain SQL: write and read encrypted records.

    with psycopg.connect(url) as connection, connection.transaction():
        connection.execute("SELECT dsvault.enter(%s, %s)", [tenant_id, user_id])
        keys = KeyStore(on(connection), tenant_id)
        writer = RecordWriter(tenant_id, dataset_id, keys.encrypting("dataset"), keys.hashing())
        written = insert_records(on(connection), dataset_id, version_id, writer.encrypt(records))

Everything happens within the caller's connection and transaction, as the user that it entered as:
row security decides. `dsvault.crypto` holds what needs no server.
"""

from __future__ import annotations

from dsvault.client.database import Database, on
from dsvault.client.keys import KeyRow, KeyStore, NoActiveKeyError, RevokedKeyError
from dsvault.client.records import Stored, Written, insert_records, read_page, read_records
from dsvault.client.tokens import (
    Carrier,
    ExpiredTokenError,
    OneWayTokenError,
    StandIn,
    TokenError,
    TokenOptions,
    TokenVault,
    UnknownTokenError,
)

__all__ = [
    "Carrier",
    "Database",
    "ExpiredTokenError",
    "KeyRow",
    "KeyStore",
    "NoActiveKeyError",
    "OneWayTokenError",
    "RevokedKeyError",
    "StandIn",
    "Stored",
    "TokenError",
    "TokenOptions",
    "TokenVault",
    "UnknownTokenError",
    "Written",
    "insert_records",
    "on",
    "read_page",
    "read_records",
]
