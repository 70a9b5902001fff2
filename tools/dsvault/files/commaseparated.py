"""CSV (RFC 4180 and its relatives): each row is a record of texts under the heading's names.

A row is written again by the file's own rules: delimiter, quotes, line ends. Where that would not
give the bytes that were read, the record says which of its fields stood in quotes and how it ended,
so that it always comes back. No value stands there, so a column can be replaced and put back.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

from dsvault.crypto import decode_json
from dsvault.files.errors import FileFormatError
from dsvault.files.model import Sink, Source
from dsvault.files.partial import PartialFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from dsvault.files.partial import Check

_FORMAT = "csv"
FORM = "$form"  # the member that tells how a row was written: a sign for each field, its line end
_QUOTED, _BARE = '"', "."
_BOM = "\ufeff"
_DELIMITERS = ",;\t|"
_LINE_ENDS = ("\r\n", "\n", "\r")
_SAMPLE = 64 * 1024
_LONGEST_FIELD = 2**24


class CsvSource(Source):
    """A CSV file in UTF-8 with a heading; delimiter comma, semicolon, tab or bar."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open(encoding="utf-8", newline="")
        csv.field_size_limit(_LONGEST_FIELD)
        try:
            self._open()
        except UnicodeDecodeError:
            self.close()
            raise self._not_utf_8() from None
        except csv.Error as error:
            self.close()
            raise self._no_csv(error) from None
        except FileFormatError:
            self.close()
            raise

    def _open(self) -> None:
        sample = self._file.read(_SAMPLE)
        self._file.seek(0)
        first = io.StringIO(sample.removeprefix(_BOM), newline="").readline()
        if not first:
            raise FileFormatError(f"{self._path} is empty", hint="Its first line is the heading.")
        # What stands in quotes is a part of names.
        self._delimiter = max(_DELIMITERS, key=re.sub(r'"[^"]*"', "", first).count)
        self._line_end = next((end for end in _LINE_ENDS if first.endswith(end)), "\n")
        self._has_bom = sample.startswith(_BOM)
        if self._has_bom:
            self._file.read(1)
        self._rows = _Rows(self._file, self._delimiter)
        names, self._heading = next(self._rows, ([], ""))
        self._names = tuple(names)
        self._check_names()
        self._quoting = csv.QUOTE_MINIMAL
        self._ends_in_newline = self._heading.endswith(_LINE_ENDS)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def columns(self) -> tuple[str, ...]:
        """Return the heading."""
        return self._names

    def text_columns(self) -> tuple[str, ...]:
        """Return the heading: all is text."""
        return self._names

    def records(self) -> Iterator[Mapping[str, Any]]:
        """Yield each row as a mapping of texts."""
        writer = None
        try:
            for fields, text in self._rows:
                if len(fields) != len(self._names):
                    raise self._uneven(len(fields))
                if writer is None:
                    self._quoting = self._guess_quoting(fields, text)
                    writer = _Writer(self._delimiter, self._line_end, self._quoting)
                self._ends_in_newline = text.endswith(_LINE_ENDS)
                record = dict(zip(self._names, fields, strict=True))
                ended = text if self._ends_in_newline else text + self._line_end
                if writer.text(fields) != ended:
                    record[FORM] = self._form(fields, text)
                yield record
        except UnicodeDecodeError:
            raise self._not_utf_8() from None
        except csv.Error as error:
            raise self._no_csv(error) from None

    def description(self) -> dict[str, Any]:
        """Return heading and rules of the file."""
        return {
            "format": _FORMAT,
            "columns": list(self._names),
            "heading": self._heading,
            "delimiter": self._delimiter,
            "line_end": self._line_end,
            "quoting": self._quoting,
            "has_bom": self._has_bom,
            "ends_in_newline": self._ends_in_newline,
        }

    def _check_names(self) -> None:
        if fault := _fault_of(self._names):
            raise FileFormatError(
                f"{self._path}:1: the heading does not name every column once",
                detail=fault,
                hint="Give each column a name of its own.",
            )

    def _form(self, fields: Sequence[str], text: str) -> str:
        """Return which fields of a row stand in quotes, and its line end."""
        signs, place = [], 0
        for field in fields:
            signs.append(_QUOTED if text.startswith('"', place) else _BARE)
            place += len(_spelled(field, signs[-1])) + len(self._delimiter)
        form = "".join(signs) + text[place - len(self._delimiter) :]
        if _formed(fields, form, self._delimiter) != text:
            raise FileFormatError(
                f"{self._path}:{self._rows.line}: this row cannot be written again as it is",
                hint="Write the file anew by a program that knows CSV.",
            )
        return form

    def _guess_quoting(self, fields: Sequence[str], text: str) -> int:
        for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL):
            written = _Writer(self._delimiter, self._line_end, quoting).text(fields)
            if written.rstrip("\r\n") == text.rstrip("\r\n"):
                return quoting
        return csv.QUOTE_MINIMAL

    def _uneven(self, fields: int) -> FileFormatError:
        if not fields:
            return FileFormatError(
                f"{self._path}:{self._rows.line}: this line is empty",
                detail=f"the heading has {len(self._names)} fields",
                hint="Take empty lines out, at the end of the file too.",
            )
        return FileFormatError(
            f"{self._path}:{self._rows.line}: this row has {fields} fields",
            detail=f"the heading has {len(self._names)}",
            hint="A field with the delimiter, a quote or a line end stands in quotes.",
        )

    def _no_csv(self, error: csv.Error) -> FileFormatError:
        return FileFormatError(
            f"{self._path}:{self._rows.line}: this row is no CSV",
            detail=str(error),
            hint="A field in quotes ends at the delimiter, a quote within it is doubled, and no"
            f" field has more than {_LONGEST_FIELD:,} characters.",
        )

    def _not_utf_8(self) -> FileFormatError:
        return FileFormatError(
            f"{self._path}{_line_of_fault(self._path)} is not UTF-8",
            hint="Convert it first, for example: iconv -f LATIN1 -t UTF-8",
        )


class CsvSink(Sink):
    """Writes rows by the rules of the file that they came from."""

    def __init__(
        self, path: Path, description: Mapping[str, Any], check: Check | None = None
    ) -> None:
        self._partial = PartialFile(path, check)
        self._names = description["columns"]
        self._delimiter = description["delimiter"]
        self._writer = _Writer(self._delimiter, description["line_end"], description["quoting"])
        self._line_end = description["line_end"]
        self._ends_in_newline = description["ends_in_newline"]
        self._last = (_BOM if description["has_bom"] else "") + description["heading"]

    def write(self, content: bytes) -> None:
        """Write a row."""
        record = decode_json(content)
        self._partial.file.write(self._last.encode())
        fields = [record.get(name, "") for name in self._names]
        form = record.get(FORM)
        if form is None:
            self._last = self._writer.text(fields)
        else:
            self._last = _formed(fields, form, self._delimiter)

    def close(self) -> None:
        """End the last row as it ended, and finish the file."""
        last = self._last
        if not self._ends_in_newline:
            last = last.removesuffix(self._line_end)
        self._partial.file.write(last.encode())
        self._partial.finish()

    def abandon(self) -> None:
        """Leave nothing."""
        self._partial.abandon()


class _Rows:
    """The rows of a file, each with the text that it was read from."""

    def __init__(self, lines: Iterator[str], delimiter: str) -> None:
        self._lines = lines
        self._read: list[str] = []
        self._reader = csv.reader(self._noted(), delimiter=delimiter, strict=True)

    def __iter__(self) -> _Rows:
        return self

    def __next__(self) -> tuple[list[str], str]:
        self._read.clear()
        return next(self._reader), "".join(self._read)

    @property
    def line(self) -> int:
        """The line that was read last, from 1."""
        return self._reader.line_num

    def _noted(self) -> Iterator[str]:
        for line in self._lines:
            self._read.append(line)
            yield line


class _Writer:
    """Rows as text."""

    def __init__(self, delimiter: str, line_end: str, quoting: int) -> None:
        self._buffer = io.StringIO(newline="")
        self._writer = csv.writer(
            self._buffer,
            delimiter=delimiter,
            lineterminator=line_end,
            quoting=csv.QUOTE_ALL if quoting == csv.QUOTE_ALL else csv.QUOTE_MINIMAL,
        )

    def text(self, fields: Sequence[str]) -> str:
        """Return a row with its line end."""
        self._writer.writerow(fields)
        text = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return text


def _fault_of(names: Sequence[str]) -> str | None:
    """Tell what is wrong with the names of a heading; None if nothing is."""
    if not names:
        return "no name"
    for number, name in enumerate(names, 1):
        if not name:
            return f"column {number} has no name"
        if name == FORM:
            return f"column {number} is called {FORM}, which stands for something else here"
        if name in names[: number - 1]:
            return f"column {number} is called {name}, as column {names.index(name) + 1} is"
    return None


def _line_of_fault(path: Path) -> str:
    """Return the line of a file that is not UTF-8, as :LINE."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return f":{number}"
    return ""


def _formed(fields: Sequence[str], form: str, delimiter: str) -> str:
    """Return a row as its form says."""
    signs, end = form[: len(fields)], form[len(fields) :]
    return delimiter.join(map(_spelled, fields, signs)) + end


def _spelled(field: str, sign: str) -> str:
    return '"' + field.replace('"', '""') + '"' if sign == _QUOTED else field
