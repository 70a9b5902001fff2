"""A script's bytes as text that PostgreSQL can read, with true lines, and its places."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dsvault.sqlscript.psql import TOKEN, end_of_comment

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST = 64 * 1024 * 1024
_COPY = re.compile(r"COPY\b[^;]*\bFROM\s+STDIN\b", re.IGNORECASE | re.DOTALL)
_ALLOW = re.compile(
    r"(?:--|#)\s*dsvault:\s*allow(?P<file>-file)?\b[ \t]*(?P<code>[A-Za-z]{2}\d{3})?[ \t]*"
    r"(?P<reason>.*)"
)
# Both begin with what is looked for quickly.
_VARIABLE = re.compile(r":(?<![:\w]:)['\"{\w]")
_STDIN = re.compile(r"STDIN\b", re.IGNORECASE)
_ALLOWED = re.compile(r"dsvault:\s*allow")
_FENCE = re.compile(r"^```sql[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(slots=True)
class Allowance:
    """A comment `-- dsvault: allow CODE reason`, or `allow-file` for all of a file.

    `first` to `last` are the lines that it covers: its own behind something, else those of
    the statement that follows, or of the next line within a statement.
    """

    code: str
    reason: str
    line: int
    is_alone: bool
    is_file: bool
    first: int = 0
    last: int = 0
    used: bool = False


@dataclass(slots=True)
class Problem:
    """Why a file, or a part of it, is no text that can be read."""

    offset: int
    message: str
    fix: str | None = None


@dataclass(slots=True)
class Source:
    """One file. `text` is ready for the parser: same length in bytes, same lines as the file."""

    path: str
    text: str
    original: str
    problems: list[Problem] = field(default_factory=list)
    variables: bool = False
    _lines: list[int] = field(default_factory=list)
    _data: bytes = b""
    _ready: bytes | None = None
    _mentioned: dict[bytes, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._data = self.original.encode("utf-8", "surrogatepass")
        self._lines = [0, *(match.end() for match in re.finditer(rb"\n", self._data))]

    @property
    def data(self) -> bytes:
        """The file's text as the bytes that locations count."""
        return self._data

    @property
    def ready(self) -> bytes:
        """The text for the parser, as bytes."""
        if self._ready is None:
            self._ready = self.text.encode("utf-8", "surrogatepass")
        return self._ready

    def mentions(self, word: bytes) -> bool:
        """Say whether a word stands anywhere in the file; it is looked for once."""
        if word not in self._mentioned:
            self._mentioned[word] = word in self._data
        return self._mentioned[word]

    def place(self, offset: int) -> tuple[int, int, str]:
        """Return line, column (both from 1) and the text of the line of a byte offset."""
        number = bisect.bisect_right(self._lines, max(0, offset)) - 1
        start = self._lines[number]
        stop = self._lines[number + 1] if number + 1 < len(self._lines) else len(self._data)
        column = len(self._data[start:offset].decode("utf-8", "replace")) + 1
        return number + 1, column, self._data[start:stop].decode("utf-8", "replace").rstrip("\r\n")

    def line_of(self, offset: int) -> int:
        """Return the line of a byte offset, from 1."""
        return bisect.bisect_right(self._lines, max(0, offset))

    def allowances(self) -> list[Allowance]:
        """Return the comments that allow a finding, in order."""
        if not _ALLOWED.search(self.original):
            return []
        found = []
        for number, line in enumerate(self.original.split("\n"), 1):
            match = _ALLOW.search(line)
            if match and "'" not in line[: match.start()]:
                alone = not line[: match.start()].strip()
                code = (match["code"] or "").upper()
                is_file = bool(match["file"])
                found.append(Allowance(code, match["reason"].strip(), number, alone, is_file))
        return found


def read_source(path: str, raw: bytes) -> Source:
    """Return a file's text; what cannot be read is a problem of it and left out."""
    text, problems = _decode(raw)
    if path.endswith((".md", ".markdown")):
        text = _only_fences(text)
    if "\0" in text:
        at = len(text[: text.index("\0")].encode())
        problems.append(Problem(at, "a NUL character: PostgreSQL takes it for the end of the text"))
        text = text.replace("\0", " ")
    source = Source(path, text, text, problems)
    if "\\" in text or _VARIABLE.search(text) or _STDIN.search(text):
        source.text, source.variables = _without_psql(text)
    return source


def _only_fences(text: str) -> str:
    """Blank everything of a Markdown page but its SQL blocks."""
    pieces, done = [], 0
    for match in _FENCE.finditer(text):
        pieces += [_blank(text[done : match.start(1)]), match[1]]
        done = match.end(1)
    return "".join(pieces) + _blank(text[done:])


def _decode(raw: bytes) -> tuple[str, list[Problem]]:
    """Return text and problems; an encoding other than UTF-8 is named if its mark is there."""
    for mark, name in ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16")):
        if raw.startswith(mark):
            problem = Problem(0, f"the file is {name}, not UTF-8", "Save it as UTF-8.")
            return raw.decode("utf-16", "replace"), [problem]
    if raw.startswith(b"\xef\xbb\xbf"):
        raw = b"   " + raw[3:]
    try:
        return raw.decode("utf-8"), []
    except UnicodeDecodeError as error:
        problem = Problem(error.start, "the file is not UTF-8 here", "Save it as UTF-8.")
        # One byte for one byte, so that every offset stays true.
        return raw.decode("ascii", "replace").replace("\ufffd", "?"), [problem]


def _without_psql(text: str) -> tuple[str, bool]:
    """Blank what only psql understands; say whether variables were among it.

    Commands and COPY data become blanks, a variable becomes a name of the same length.
    """
    pieces: list[str] = []
    done = statement = 0
    has_variables = False
    for start, stop, kind in _psql_parts(text):
        if kind == "end":
            if _COPY.search(text, statement, stop):
                end = _end_of_data(text, stop)
                pieces += [text[done:stop], _blank(text[stop:end])]
                done = end
            statement = stop
        elif start >= done:
            piece = text[start:stop]
            if kind == "variable":
                has_variables = True
                piece = _stand_in(piece)
            else:
                piece = _blank(piece)
            pieces += [text[done:start], piece]
            done = stop
    return "".join(pieces) + text[done:], has_variables


def _psql_parts(text: str) -> Iterator[tuple[int, int, str]]:
    position = 0
    while match := TOKEN.search(text, position):
        position = end_of_comment(text, match.start()) if match["block"] else match.end()
        if match["end"]:
            yield match.start(), match.end(), "end"
        elif match["command"]:
            yield match.start(), match.end(), "command"
        elif match["variable"] and not _is_slice(text, match.start()):
            yield match.start(), match.end(), "variable"
        if match["end"] and _COPY.search(text, text.rfind(";", 0, match.start()) + 1, match.end()):
            position = _end_of_data(text, match.end())


def _is_slice(text: str, colon: int) -> bool:
    """Say whether the colon separates the bounds of an array slice."""
    line_start = text.rfind("\n", 0, colon) + 1
    before = text[line_start:colon]
    return before.count("[") > before.count("]")


def _stand_in(variable: str) -> str:
    """Return SQL of the same length in place of :name, :'name' or :"name"."""
    size = len(variable)
    if variable[1] == "'":
        return "'" + "x" * (size - 2) + "'"
    if variable[1] == '"':
        return '"' + "x" * (size - 2) + '"'
    return ("x" * size) if size > 1 else variable


def _end_of_data(text: str, start: int) -> int:
    """Return the offset behind the data lines that follow COPY FROM STDIN."""
    end = text.find("\n\\.", start)
    if end < 0:
        return len(text)
    line_end = text.find("\n", end + 1)
    return len(text) if line_end < 0 else line_end


def _blank(text: str) -> str:
    """Return white space of the same length in bytes, with the same line ends."""
    return "".join(c if c in "\r\n" else " " * len(c.encode("utf-8", "replace")) for c in text)
