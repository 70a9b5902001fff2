"""Columns in binary form mean to the server what was given."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from psycopg import RawCursor

from dsvault.client.arrays import blobs, texts, uuids

if TYPE_CHECKING:
    from psycopg import Connection

IDS = [UUID(int=0), uuid4(), UUID(int=2**128 - 1)]
TEXTS = ["", "plain", 'quotes " and \\ and {}', "NULL", None, "ü€😀", "a\nb" * 1000]
BLOBS = [b"", b"\0", bytes(range(256)), b"\xff" * 5000]


@pytest.mark.parametrize("count", [None, 1, 0])
def test_an_array_arrives_as_it_was_given(conn: Connection, count: int | None) -> None:
    ids, words, data = IDS[:count], TEXTS[:count], BLOBS[:count]
    row = (
        RawCursor(conn)
        .execute(
            "SELECT $1::uuid[], $2::text[], $3::bytea[], array_lower($1::uuid[], 1)",
            [uuids([one.bytes for one in ids]), texts(words), blobs(data)],
        )
        .fetchone()
    )
    assert row == (ids, words, data, 1 if ids else None)


def test_what_is_packed_does_not_show_itself() -> None:
    assert "secret" not in repr(texts(["secret"]))
