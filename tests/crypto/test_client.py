"""Encrypted records in and out of a vault, as an application's user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
import pytest
from tests.crypto.makers import KEY_ID, MATERIAL, data_key, hash_key
from tests.schema.builders import (
    Tenant,
    new_dataset,
    new_key,
    new_tenant,
    new_user,
    new_version,
)
from tests.support.actors import as_tenant

from dsvault.client import insert_records, on, read_records
from dsvault.crypto import FieldRule, Keyring, Plain, RecordReader, RecordWriter, TamperedError

if TYPE_CHECKING:
    from tests.support.database import Database


class Desk:
    """A dataset with a draft, and a data scientist who works on it."""

    def __init__(self, conn: psycopg.Connection) -> None:
        self.conn = conn
        self.tenant: Tenant = new_tenant(conn, "alpha")
        self.user = new_user(conn, self.tenant, "ada", "data_scientist")
        self.dataset = new_dataset(conn, self.tenant)
        self.version = new_version(conn, self.tenant, self.dataset)
        new_key(conn, self.tenant, id=KEY_ID)
        key = data_key()
        self.writer = RecordWriter(
            self.tenant.id, self.dataset, key, hash_key(self.tenant.id),
            [FieldRule("/name", "name")], key, batch_rows=100,
        )  # fmt: skip
        self.reader = RecordReader(self.tenant.id, self.dataset, Keyring([key]))


@pytest.fixture
def desk(conn: psycopg.Connection) -> Desk:
    return Desk(conn)


def content(number: int) -> dict[str, Any]:
    return {"number": number, "name": f"person {number}"}


def test_a_stream_goes_in_and_comes_back_identical(desk: Desk) -> None:
    plain = {UUID(int=number): content(number) for number in range(1, 251)}
    with as_tenant(desk.conn, desk.tenant.id, desk.user):
        batches = desk.writer.encrypt(Plain(record, key) for key, record in plain.items())
        written = insert_records(on(desk.conn), desk.dataset, desk.version, batches)
        read = list(read_records(on(desk.conn), desk.reader, desk.version, page_rows=70))

    assert read == list(plain.items())
    size = desk.conn.execute("SELECT sum(octet_length(encrypted_data)) FROM dsvault.records")
    assert (written.rows, (written.bytes,)) == (250, size.fetchone())


def test_the_server_has_neither_plain_text_nor_key(desk: Desk) -> None:
    with as_tenant(desk.conn, desk.tenant.id, desk.user):
        insert_records(on(desk.conn), desk.dataset, desk.version, desk.writer.encrypt([content(1)]))
    rows = desk.conn.execute("SELECT r::text FROM dsvault.records AS r").fetchall()
    [(text,)] = rows

    assert b"person 1".hex() not in text
    assert "person 1" not in text
    assert MATERIAL.hex() not in text
    assert '"encrypted": true' in text.replace('""', '"')


def test_a_record_moved_to_another_id_is_not_read(desk: Desk) -> None:
    with as_tenant(desk.conn, desk.tenant.id, desk.user):
        insert_records(on(desk.conn), desk.dataset, desk.version, desk.writer.encrypt([content(1)]))
    desk.conn.execute("UPDATE dsvault.records SET id = gen_random_uuid()")
    with as_tenant(desk.conn, desk.tenant.id, desk.user), pytest.raises(TamperedError):
        list(read_records(on(desk.conn), desk.reader, desk.version))


def test_who_may_not_write_writes_nothing(desk: Desk) -> None:
    viewer = new_user(desk.conn, desk.tenant, "eve", "viewer")
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        as_tenant(desk.conn, desk.tenant.id, viewer),
    ):
        insert_records(on(desk.conn), desk.dataset, desk.version, desk.writer.encrypt([content(1)]))


def test_errors_of_the_application_are_psycopgs_own(vault: Database) -> None:
    with vault.connect() as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        insert_records(on(conn), UUID(int=1), UUID(int=2), iter([_batch()]))


def _batch() -> Any:
    tenant, dataset = UUID(int=3), UUID(int=4)
    return next(RecordWriter(tenant, dataset, data_key(), hash_key()).encrypt([{"a": 1}]))
