"""Which format a file has, by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsvault.files.errors import FileFormatError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dsvault.files.model import Sink, Source
    from dsvault.files.partial import Check

FORMATS: Mapping[str, str] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
}


def open_source(path: Path) -> Source:
    """Open a file to read its records.

    :raises FileFormatError: it cannot be read, or its name tells no format that we know.
    """
    name = _format(path)
    try:
        if name == "csv":
            from dsvault.files.commaseparated import CsvSource  # noqa: PLC0415 - as it is used

            return CsvSource(path)
        if name == "jsonl":
            from dsvault.files.jsonlines import JsonLinesSource  # noqa: PLC0415

            return JsonLinesSource(path)
        from dsvault.files.parquet import ParquetSource  # noqa: PLC0415

        return ParquetSource(path)
    except OSError as error:
        raise FileFormatError(f"{path} cannot be read", detail=error.strerror) from None


def open_sink(path: Path, description: Mapping[str, Any], check: Check | None = None) -> Sink:
    """Open a file to write records that a source of this description gave.

    check is given SHA-256 of the file before it has its name, and may raise; not for Parquet, which
    comes back as an equal table and not as the same bytes.

    :raises FileFormatError: it cannot be written, is there already, or the name tells another
        format than the description.
    """
    wanted, known = _format(path), description.get("format")
    if wanted != known:
        raise FileFormatError(
            f"The version came from a {known} file" if known else "The version came from no file",
            detail=f"{path.name} would be {wanted}",
            hint=f"Name a file that ends in {_endings(known)}." if known else None,
        )
    if wanted == "csv":
        from dsvault.files.commaseparated import CsvSink  # noqa: PLC0415 - as it is used

        return CsvSink(path, description, check)
    if wanted == "jsonl":
        from dsvault.files.jsonlines import JsonLinesSink  # noqa: PLC0415

        return JsonLinesSink(path, description, check)
    from dsvault.files.parquet import ParquetSink  # noqa: PLC0415

    return ParquetSink(path, description)


def _format(path: Path) -> str:
    name = FORMATS.get(path.suffix.lower())
    if name is None:
        raise FileFormatError(
            f"The name {path.name} tells no format",
            hint=f"Name a file that ends in one of {', '.join(FORMATS)}.",
        )
    return name


def _endings(name: str) -> str:
    return " or ".join(ending for ending, format_ in FORMATS.items() if format_ == name)
