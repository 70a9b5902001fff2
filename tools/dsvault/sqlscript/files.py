"""The texts that a script is made of, and where each part of the whole came from."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from dsvault.sqlscript.place import Place, place_at

if TYPE_CHECKING:
    from collections.abc import Sequence


class File(NamedTuple):
    """A file's text, and its path as the user knows it. content are the bytes that hold the text.

    Neither a byte order mark nor what psql would do are part of the text.
    """

    name: str
    text: str
    content: bytes


class NotOurs(Exception):  # noqa: N818 - no error: another program must read the script
    """Only psql itself can do what stands at `offset` of the text at hand."""

    def __init__(self, offset: int, what: str, file: File | None = None) -> None:
        self.offset = offset
        self.what = what
        self.file = file  # which has that text
        super().__init__(what)


class Segment(NamedTuple):
    """A part of the whole, from `start` on, and the file and offset that it came from.

    What is not verbatim stands for the one place as a whole, as a variable's value does.
    """

    start: int
    file: File
    offset: int
    is_verbatim: bool


class SourceMap(NamedTuple):
    """Where each character of a script that was put together stands in the files."""

    segments: Sequence[Segment]

    def origin(self, offset: int) -> tuple[File, int]:
        """Return the file, and the offset in it, of a character of the whole."""
        index = bisect_right(self.segments, offset, key=lambda segment: segment.start) - 1
        start, file, origin, is_verbatim = self.segments[max(index, 0)]
        within = offset - start if is_verbatim else 0
        return file, min(origin + within, len(file.text))

    def place(self, offset: int, *, with_column: bool = True) -> Place:
        """Return the place of a character of the whole."""
        file, at = self.origin(offset)
        return place_at(file.name, file.text, at, with_column=with_column)
