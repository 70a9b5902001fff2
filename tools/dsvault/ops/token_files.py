"""Columns of files replaced by tokens in a copy."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from dsvault.client.tokens import TokenOptions
from dsvault.crypto import ValueFormatError, canonical
from dsvault.files import open_sink, open_source
from dsvault.ops.tokens import token_vault
from dsvault.ops.transfer.columns import Replaceable, check_columns, with_place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from dsvault.client.tokens import TokenVault
    from dsvault.files.model import Content
    from dsvault.ops.tokens import Actor
    from dsvault.target import Target

BATCH_ROWS = 2000


@dataclass(frozen=True, slots=True)
class ColumnJob:
    """What to do to a file: columns maps names to types of personal data."""

    source: Path
    destination: Path
    columns: Mapping[str, str]
    options: TokenOptions = TokenOptions()  # noqa: RUF009 - it is frozen


@dataclass(frozen=True, slots=True)
class Columns:
    """What was tokenised of a file: rows, and values a column."""

    rows: int
    values: Mapping[str, int]

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {"rows": self.rows, "values": dict(self.values)}


def tokenize_file(
    target: Target, actor: Actor, job: ColumnJob, on_rows: Callable[[int], None]
) -> Columns:
    """Copy a file with the values of some columns replaced by tokens; its format stays.

    Empty values stay empty, whole numbers of Parquet become texts. The file is read once before, so
    that a faulty one makes no token. Tokens are written in transactions of some thousand rows;
    destination appears when all are, and not before. A run that was cut is simply run again:
    deterministic tokens are found again.

    :raises TokenOperationError: the database refused it.
    :raises dsvault.files.FileFormatError: a file cannot be read or written, or has no such column.
    :raises dsvault.crypto.ValueFormatError: a value has not the form of its type.
    """
    with open_source(job.source) as source:
        source.as_texts(job.columns.keys())
        check_columns(job.source, source, job.columns)
        for content in source.records():
            Replaceable(content, job.columns)
        description = source.description()
    counts = dict.fromkeys(job.columns, 0)
    rows = 0
    with open_source(job.source) as source, open_sink(job.destination, description) as sink:
        source.as_texts(job.columns.keys())
        records = source.records()
        while batch := list(islice(records, BATCH_ROWS)):
            with token_vault(target, actor) as vault:
                made = _replaced(vault, batch, job, counts, rows)
            for content in made:
                sink.write(content)
            rows += len(batch)
            on_rows(len(batch))
    return Columns(rows, counts)


def _replaced(
    vault: TokenVault,
    batch: Sequence[Content],
    job: ColumnJob,
    counts: dict[str, int],
    before: int,
) -> list[bytes]:
    records = [Replaceable(content, job.columns) for content in batch]
    for name, pii_type in job.columns.items():
        having = [place for place, record in enumerate(records) if name in record.values]
        values = [records[place].values[name] for place in having]
        try:
            tokens = vault.tokenize(pii_type, values, job.options)
        except ValueFormatError as error:
            numbers = [before + place + 1 for place in having]
            raise with_place(error, pii_type, name, zip(numbers, values, strict=True)) from None
        for place, token in zip(having, tokens, strict=True):
            records[place].put(name, token)
        counts[name] += len(tokens)
    return [canonical(record.content()) for record in records]
