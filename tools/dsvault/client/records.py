"""Encrypted records in and out of a version."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from dsvault.client.arrays import blobs, texts, uuids
from dsvault.queries import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dsvault.client.database import Database
    from dsvault.crypto import Batch, RecordReader

_PAGE_ROWS = 1000
_BEFORE_ALL = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Written:
    """How many records were written, and how many bytes of ciphertext they have."""

    rows: int
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Stored:
    """A record as it is stored; its annotations are a JSON text."""

    id: UUID
    encrypted_data: bytes = field(repr=False)
    pii_annotations: str | None = field(repr=False)


def insert_records(
    database: Database, dataset_id: UUID, version_id: UUID, batches: Iterable[Batch]
) -> Written:
    """Write batches into a draft version within the open transaction, one statement a batch.

    The statement is queries/client/insert_records.sql; it needs version:create. COPY would be
    refused: PostgreSQL does not allow it below row security.
    """
    rows = size = 0
    for batch in batches:
        [written] = database.fetch(
            Written, load("client/insert_records"), dataset_id, version_id,
            uuids(batch.ids), texts(batch.hashes), blobs(batch.sealed), texts(batch.annotations),
        )  # fmt: skip
        rows, size = rows + written.rows, size + written.bytes
    return Written(rows, size)


def read_records(
    database: Database, reader: RecordReader, version_id: UUID, *, page_rows: int = _PAGE_ROWS
) -> Iterator[tuple[UUID, dict[str, Any]]]:
    """Yield id and content of a version's records in the order of their ids.

    They are read by pages, so that memory stays flat. Encrypted fields come in plain text.

    :raises dsvault.crypto.CryptoError: a record cannot be read; its siblings before it were given.
    """
    for row in _pages(database, reader.dataset_id, version_id, page_rows):
        annotations = json.loads(row.pii_annotations) if row.pii_annotations else None
        yield row.id, reader.read(row.id, row.encrypted_data, annotations)


def read_page(
    database: Database, dataset_id: UUID, version_id: UUID, after: UUID | None, rows: int
) -> list[Stored]:
    """Return the next so many records of a version by their ids, from the one after an id."""
    return database.fetch(
        Stored, load("client/read_records"), dataset_id, version_id, after or _BEFORE_ALL, rows
    )


def _pages(
    database: Database, dataset_id: UUID, version_id: UUID, page_rows: int
) -> Iterator[Stored]:
    """Yield a version's records, so many at a time in memory."""
    last = None
    while page := read_page(database, dataset_id, version_id, last, page_rows):
        yield from page
        last = page[-1].id
