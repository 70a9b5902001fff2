"""Columns of CSV and Parquet files replaced by tokens."""

from __future__ import annotations

import csv
import tempfile
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsvault.client.tokens import TokenOptions
from dsvault.ops.tokens import TokenOperationError, token_vault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from dsvault.client.tokens import TokenVault
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
    """Copy a CSV or Parquet file with the values of some columns replaced by tokens.

    Empty values stay empty. Tokens are written in transactions of some thousand rows; destination
    appears when all are, and not before. A run that was cut is simply run again: deterministic
    tokens are found again.

    :raises TokenOperationError: a file cannot be read or written, or has no such column.
    :raises dsvault.crypto.ValueFormatError: a value has not the form of its type.
    """
    if job.destination.exists():
        raise TokenOperationError(f"There is a file {job.destination} already")
    counts = dict.fromkeys(job.columns, 0)
    rows = 0

    def replaced(batch: list[dict[str, Any]]) -> list[dict[str, Any]]:
        nonlocal rows
        with token_vault(target, actor) as vault:
            for name, pii_type in job.columns.items():
                counts[name] += _replace(vault, batch, name, pii_type, job.options)
        rows += len(batch)
        on_rows(len(batch))
        return batch

    copy = _copy_parquet if job.source.suffix == ".parquet" else _copy_csv
    try:
        with tempfile.TemporaryDirectory(dir=job.destination.parent, prefix=".tokens-") as folder:
            made = Path(folder) / job.destination.name
            copy(job.source, made, job.columns, replaced)
            made.replace(job.destination)
    except OSError as error:
        raise TokenOperationError(
            f"{job.source} cannot be copied to {job.destination}", detail=error.strerror
        ) from None
    return Columns(rows, counts)


def _replace(
    vault: TokenVault,
    batch: Sequence[dict[str, Any]],
    name: str,
    pii_type: str,
    options: TokenOptions,
) -> int:
    filled = [row for row in batch if row[name] not in {None, ""}]
    tokens = vault.tokenize(pii_type, [str(row[name]) for row in filled], options)
    for row, token in zip(filled, tokens, strict=True):
        row[name] = token
    return len(tokens)


def _copy_csv(
    source: Path,
    destination: Path,
    columns: Iterable[str],
    replaced: Callable[[list[dict[str, Any]]], list[dict[str, Any]]],
) -> None:
    with (
        source.open(newline="", encoding="utf-8") as given,
        destination.open("w", newline="", encoding="utf-8") as made,
    ):
        try:
            reader = csv.DictReader(given, strict=True)
            heading = reader.fieldnames or []
            _check_columns(source, heading, columns)
            writer = csv.DictWriter(made, heading, lineterminator="\n")
            writer.writeheader()
            while batch := list(islice(reader, BATCH_ROWS)):
                _check_shape(source, batch, reader.line_num)
                writer.writerows(replaced(batch))
        except (csv.Error, UnicodeDecodeError) as error:
            raise TokenOperationError(
                f"{source} is no CSV file in UTF-8", detail=type(error).__name__
            ) from None


def _copy_parquet(
    source: Path,
    destination: Path,
    columns: Iterable[str],
    replaced: Callable[[list[dict[str, Any]]], list[dict[str, Any]]],
) -> None:
    arrow, parquet = _pyarrow()
    try:
        _copy_batches(arrow, parquet, source, destination, columns, replaced)
    except arrow.ArrowException as error:
        raise TokenOperationError(
            f"{source} is no Parquet file whose rows can be copied", detail=type(error).__name__
        ) from None


def _copy_batches(  # noqa: PLR0913, PLR0917 - the packages come as arguments
    arrow: Any,  # noqa: ANN401 - a module
    parquet: Any,  # noqa: ANN401 - a module
    source: Path,
    destination: Path,
    columns: Iterable[str],
    replaced: Callable[[list[dict[str, Any]]], list[dict[str, Any]]],
) -> None:
    with parquet.ParquetFile(source) as given:
        schema = given.schema_arrow
        _check_columns(source, schema.names, columns)
        for name in columns:  # a token is a text, whatever was there
            schema = schema.set(schema.get_field_index(name), arrow.field(name, arrow.string()))
        with parquet.ParquetWriter(destination, schema) as writer:
            for batch in given.iter_batches(batch_size=BATCH_ROWS):
                rows = replaced(batch.to_pylist())
                writer.write_table(arrow.Table.from_pylist(rows, schema=schema))


def _pyarrow() -> tuple[Any, Any]:
    from dsvault.wrapping.extras import package  # noqa: PLC0415 - files of this kind only

    return package("pyarrow", "parquet"), package("pyarrow.parquet", "parquet")


def _check_columns(source: Path, there: Sequence[str], columns: Iterable[str]) -> None:
    missing = [name for name in columns if name not in there]
    if missing:
        raise TokenOperationError(
            f"{source} has no column {missing[0]}", detail=f"its columns are {', '.join(there)}"
        )


def _check_shape(source: Path, batch: Sequence[Mapping[Any, Any]], line: int) -> None:
    """Refuse rows that are longer or shorter than the heading: what is where would be a guess."""
    if any(None in row or None in row.values() for row in batch):
        raise TokenOperationError(
            f"{source} has a row with more or fewer values than columns",
            detail=f"before line {line}",
        )
