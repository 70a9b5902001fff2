"""JSON Lines: each line is a record and is kept as the bytes that it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsvault.crypto import ContentError, decode_json
from dsvault.files.errors import FileFormatError
from dsvault.files.model import Sink, Source
from dsvault.files.partial import PartialFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from dsvault.files.partial import Check

_FORMAT = "jsonl"


class JsonLinesSource(Source):
    """A file with a JSON object on each line, in UTF-8."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("rb")
        self._ends_in_newline = True

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def columns(self) -> tuple[str, ...]:
        """Return nothing: each record has members of its own."""
        return ()

    def text_columns(self) -> None:
        """Return that nothing is known of members before they are read."""

    def records(self) -> Iterator[bytes]:
        """Yield each line without its line feed."""
        for number, line in enumerate(self._file, 1):
            self._ends_in_newline = line.endswith(b"\n")
            content = line.removesuffix(b"\n")
            if not _is_object(content):
                raise FileFormatError(
                    f"{self._path}:{number}: this line is no JSON object",
                    hint="JSON Lines has one object on each line, in UTF-8, and no empty line.",
                )
            yield content

    def description(self) -> dict[str, Any]:
        """Return the format and whether the last line ends."""
        return {"format": _FORMAT, "ends_in_newline": self._ends_in_newline}


class JsonLinesSink(Sink):
    """Writes the lines as they were."""

    def __init__(
        self, path: Path, description: Mapping[str, Any], check: Check | None = None
    ) -> None:
        self._partial = PartialFile(path, check)
        self._ends_in_newline = description.get("ends_in_newline", True)
        self._between = b""

    def write(self, content: bytes) -> None:
        """Write a line."""
        self._partial.file.write(self._between + content)
        self._between = b"\n"

    def close(self) -> None:
        """End the last line as it ended, and finish the file."""
        if self._ends_in_newline:
            self._partial.file.write(self._between)
        self._partial.finish()

    def abandon(self) -> None:
        """Leave nothing."""
        self._partial.abandon()


def _is_object(content: bytes) -> bool:
    try:
        return isinstance(decode_json(content), dict)
    except ContentError:
        return False
