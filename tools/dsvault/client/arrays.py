"""Columns of many rows as parameters in PostgreSQL's binary form.

psycopg writes arrays as texts, value by value. For a thousand records that takes as long as their
encryption, and the server as long again to read them.

    database.fetch(Row, query, uuids(ids), texts(hashes), blobs(sealed))
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psycopg
from psycopg import postgres, pq
from psycopg.adapt import Dumper

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NULL = struct.pack("!i", -1)
_UUID_BYTES = struct.pack("!i", 16)


@dataclass(frozen=True, slots=True)
class _Packed:
    """An array in binary form."""

    data: bytes = field(repr=False)


class _Uuids(_Packed):
    __slots__ = ()


class _Texts(_Packed):
    __slots__ = ()


class _Blobs(_Packed):
    __slots__ = ()


def uuids(ids: Sequence[bytes]) -> _Uuids:
    """Return a parameter of type uuid[]; each id is 16 bytes."""
    body = _UUID_BYTES.join([b"", *ids])
    return _Uuids(_header("uuid", len(ids)) + body)


def texts(values: Sequence[str | None]) -> _Texts:
    """Return a parameter of type text[]."""
    encoded = [None if value is None else value.encode() for value in values]
    return _Texts(_header("text", len(values), has_null=None in values) + _body(encoded))


def blobs(values: Sequence[bytes]) -> _Blobs:
    """Return a parameter of type bytea[]."""
    return _Blobs(_header("bytea", len(values)) + _body(values))


def _header(element: str, count: int, *, has_null: bool = False) -> bytes:
    """Return how an array of one dimension begins, counted from 1; an empty one has none."""
    oid = postgres.types[element].oid
    if not count:
        return struct.pack("!iiI", 0, 0, oid)
    return struct.pack("!iiIii", 1, has_null, oid, count, 1)


def _body(values: Iterable[bytes | None]) -> bytes:
    parts = []
    for value in values:
        if value is None:
            parts.append(_NULL)
        else:
            parts += (len(value).to_bytes(4, "big"), value)
    return b"".join(parts)


class _PackedDumper(Dumper):
    format = pq.Format.BINARY

    def dump(self, obj: _Packed) -> bytes:
        """Return the array as it is."""
        return obj.data


class _UuidsDumper(_PackedDumper):
    oid = postgres.types["uuid"].array_oid


class _TextsDumper(_PackedDumper):
    oid = postgres.types["text"].array_oid


class _BlobsDumper(_PackedDumper):
    oid = postgres.types["bytea"].array_oid


for _kind, _dumper in ((_Uuids, _UuidsDumper), (_Texts, _TextsDumper), (_Blobs, _BlobsDumper)):
    psycopg.adapters.register_dumper(_kind, _dumper)
