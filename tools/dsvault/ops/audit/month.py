"""One month of the trail, written into a file, flushed, and read again from the disk."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsvault.audit.errors import ArchiveError
from dsvault.audit.monthfile import FORMAT, Contents, MonthWriter, contents_of
from dsvault.files.errors import FileFormatError
from dsvault.files.partial import PartialFile
from dsvault.ops.audit.reading import Reader, reading
from dsvault.queries import load

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from dsvault.target import Target


@dataclass(frozen=True, slots=True)
class Month:
    """A past month of the trail; blocked_by None: nothing keeps it there."""

    partition_name: str
    from_time: datetime
    to_time: datetime
    entry_count: int
    size: int
    blocked_by: str | None


@dataclass(frozen=True, slots=True)
class _Entry:
    tenant_id: str
    id: str
    entry: str


def write_month(target: Target, month: Month, path: Path) -> Contents:
    """Return what the file of a month holds, read from the disk; write it first if it is not there.

    :raises ArchiveError: it cannot be written, or does not hold what was written.
    """
    if not path.exists():
        for stale in path.parent.glob(f".{path.name}.*"):
            stale.unlink()
        wrote = _write(target, month, path)
    else:
        wrote = None
    try:
        read = contents_of(path)
    except ArchiveError as error:
        raise _other(path, error.detail or str(error)) from None
    if wrote is not None and read.digest() != wrote.digest():
        raise _other(path, "what was read is not what was written")
    return read


def _write(target: Target, month: Month, path: Path) -> Contents:
    partial = None
    try:
        partial = PartialFile(path)
        contents = _export(target, month, MonthWriter(partial.file, month.partition_name))
        partial.finish()
        _flush(path.parent)
    except (OSError, FileFormatError) as error:
        raise ArchiveError(f"The file {path} cannot be written", detail=str(error)) from None
    finally:
        if partial is not None:
            partial.abandon()
    return contents


def _other(path: Path, detail: str) -> ArchiveError:
    return ArchiveError(
        f"The file {path} does not hold the month that it is named for",
        detail=detail,
        hint="Move it away, look at the disk, and run it again.",
    )


def _export(target: Target, month: Month, writer: MonthWriter) -> Contents:
    with reading(target, Reader()) as session:
        query = load("audit/month")
        for row in session.stream(_Entry, query, month.from_time, month.to_time):
            writer.add(row.tenant_id, row.entry.encode())
    writer.finish()
    return writer.contents


def describe(path: Path, month: Month, contents: Contents, file_hash: bytes) -> None:
    """Write what a file is into another one beside it, for whoever has no database at hand.

    :raises ArchiveError: it cannot be written.
    """
    said = {
        "format": FORMAT,
        "partition": month.partition_name,
        "from": month.from_time.isoformat(),
        "to": month.to_time.isoformat(),
        "sha256": file_hash.hex(),
        "entries": contents.entries,
        "contents": contents.digest().hex(),
        "tenants": {
            tenant: {"entries": tree.leaves, "root_hash": tree.root()}
            for tenant, tree in sorted(contents.trees.items())
        },
    }
    partial = path.with_name(f".{path.name}.partial")
    try:
        with partial.open("w", encoding="utf-8") as file:
            json.dump(said, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        _flush(path.parent)
    except OSError as error:
        raise ArchiveError(f"The file {path} cannot be written", detail=str(error)) from None


def _flush(folder: Path) -> None:
    """See to it that the names in a folder survive a crash."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
