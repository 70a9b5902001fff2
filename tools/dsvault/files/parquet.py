"""Parquet: each row is a record; the schema is kept beside them, so that an equal table comes back.

What JSON has no form for is stored as a number or a text that Arrow casts back exactly: moments,
dates, times and durations as whole numbers of their unit, decimals as texts, bytes in base64,
numbers that are not finite by name.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from dsvault.crypto import decode_json
from dsvault.files.errors import FileFormatError
from dsvault.files.model import Sink, Source
from dsvault.files.partial import PartialFile

try:
    import pyarrow as pa
    import pyarrow.parquet as pq
except ImportError as error:
    raise FileFormatError(
        "Parquet files need pyarrow, which is not installed",
        hint="Install the extra: pip install 'dsvault[parquet]'",
    ) from error

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

Convert: TypeAlias = Callable[[Any], Any]

_FORMAT = "parquet"
_ROWS = 5_000
_NAMES = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


class ParquetSource(Source):
    """A Parquet file of flat columns."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = pq.ParquetFile(path)
        except pa.ArrowException as error:
            raise FileFormatError(
                f"{path} is no Parquet file", detail=type(error).__name__
            ) from None
        self._schema: Any = self._file.schema_arrow
        self._plans = [_plan(field, path) for field in self._schema]

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        return tuple(self._schema.names)

    def text_columns(self) -> tuple[str, ...]:
        """Return the names of the columns of texts."""
        return tuple(field.name for field in self._schema if _is_text(field.type))

    def as_texts(self, names: Collection[str]) -> None:
        """Give whole numbers of these columns as texts from here on, and describe them so."""
        for place, column in enumerate(self._schema):
            if column.name in names and pa.types.is_integer(column.type):
                self._plans[place] = _Plan(column.type, str)
                self._schema = self._schema.set(place, pa.field(column.name, pa.string()))

    def records(self) -> Iterator[Mapping[str, Any]]:
        """Yield each row."""
        names = self._schema.names
        for batch in self._file.iter_batches(batch_size=_ROWS):
            columns = [
                _stored(column, plan)
                for column, plan in zip(batch.columns, self._plans, strict=True)
            ]
            for row in zip(*columns, strict=True):
                yield dict(zip(names, row, strict=True))

    def description(self) -> dict[str, Any]:
        """Return the schema as Arrow serialises it."""
        return {
            "format": _FORMAT,
            "columns": list(self._schema.names),
            "schema": base64.b64encode(self._schema.serialize().to_pybytes()).decode(),
        }


class ParquetSink(Sink):
    """Writes a table of the schema that was read."""

    def __init__(self, path: Path, description: Mapping[str, Any]) -> None:
        serialised = pa.py_buffer(base64.b64decode(description["schema"]))
        self._schema: Any = pa.ipc.read_schema(serialised)
        self._plans = [_plan(field, path) for field in self._schema]
        self._partial = PartialFile(path)
        self._writer = pq.ParquetWriter(self._partial.file, self._schema)
        self._rows: list[dict[str, Any]] = []

    def write(self, content: bytes) -> None:
        """Write a row."""
        self._rows.append(decode_json(content))
        if len(self._rows) == _ROWS:
            self._write_rows()

    def close(self) -> None:
        """Write what is left, and finish the file."""
        self._write_rows()
        self._writer.close()
        self._partial.finish()

    def abandon(self) -> None:
        """Leave nothing."""
        self._partial.abandon()

    def _write_rows(self) -> None:
        if not self._rows:
            return
        arrays = [
            _restored([row[field.name] for row in self._rows], field.type, plan)
            for field, plan in zip(self._schema, self._plans, strict=True)
        ]
        self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))
        self._rows.clear()


@dataclass(frozen=True)
class _Plan:
    """How a column is stored: as which type of Arrow, and what is done to each value."""

    type: Any
    to_json: Convert | None = None
    from_json: Convert | None = None


def _plan(field: Any, path: Path) -> _Plan:  # noqa: ANN401 - pyarrow has no types
    """Return the plan of a column.

    :raises FileFormatError: there is none that gives the column back exactly.
    """
    type_ = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    for kinds, plan in _PLANS:
        if any(getattr(pa.types, f"is_{kind}")(type_) for kind in kinds):
            return plan(type_)
    raise FileFormatError(
        f"{path}: column {field.name} has a type that is not kept exactly",
        detail=str(field.type),
        hint="Flatten lists and structures into columns, or bring the file in as JSON Lines.",
    )


def _is_text(type_: Any) -> bool:  # noqa: ANN401 - pyarrow has no types
    type_ = type_.value_type if pa.types.is_dictionary(type_) else type_
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_))


def _stored(column: Any, plan: _Plan) -> list[Any]:  # noqa: ANN401 - pyarrow has no types
    """Return the values of a column as JSON has them."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    values: list[Any] = column.cast(plan.type).to_pylist()
    if plan.to_json is None:
        return values
    return [None if value is None else plan.to_json(value) for value in values]


def _restored(values: list[Any], type_: Any, plan: _Plan) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return a column of values of JSON."""
    convert = plan.from_json
    if convert is not None:
        values = [None if value is None else convert(value) for value in values]
    column = pa.array(values, plan.type)
    if pa.types.is_dictionary(type_):
        return column.cast(type_.value_type).dictionary_encode().cast(type_)
    return column.cast(type_)


def _named(number: float) -> float | str:
    if math.isfinite(number):
        return number
    return next(name for name, value in _NAMES.items() if str(value) == str(number))


def _unnamed(number: float | str) -> float:
    return _NAMES[number] if isinstance(number, str) else number


# The first that fits counts: dates and times are kept in their own width.
_PLANS: tuple[tuple[tuple[str, ...], Callable[[Any], _Plan]], ...] = (
    (("boolean", "integer", "null", "string", "large_string"), _Plan),
    (("floating",), lambda _: _Plan(pa.float64(), _named, _unnamed)),
    (("date32", "time32"), lambda _: _Plan(pa.int32())),
    (("date64", "time64", "timestamp", "duration"), lambda _: _Plan(pa.int64())),
    (("decimal",), lambda _: _Plan(pa.string())),
    (
        ("binary", "large_binary", "fixed_size_binary"),
        lambda type_: _Plan(type_, lambda data: base64.b64encode(data).decode(), base64.b64decode),
    ),
)
