"""The statements of a source: parsed at once, or one by one where the whole does not parse."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pglast import parser
from pglast.parser import ParseError

from dsvault.sqlscript.psql import TOKEN, end_of_comment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.lint.source import Source
    from dsvault.lint.tree import Node

_BLANK = re.compile(rb"(?:\s+|--[^\n]*)+")
_TABLE = re.compile(rb"CREATE\s+(?:\w+\s+)?TABLE\b", re.IGNORECASE)
_MENDED = 4  # elements of a table that may be lost
_SIGN = re.compile(
    r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"[^\"]*\"|\$(\w*)\$.*?\$\1\$|(?P<sign>[(),])", re.DOTALL
)
_DEEP = "nested too deeply to be read"
# Deep trees are legal; the parser's own limit comes first.
sys.setrecursionlimit(max(sys.getrecursionlimit(), 6000))


@dataclass(slots=True)
class Statement:
    """One statement. `start` and `end` are byte offsets of the source; locations of `node` too."""

    kind: str
    node: Node
    start: int
    end: int


@dataclass(slots=True)
class Unreadable:
    """A stretch of text that PostgreSQL would refuse, with the place of the error."""

    start: int
    end: int
    offset: int
    message: str


def parse_json(text: str) -> list[Node]:
    """Return the raw statements of a text.

    :raises pglast.parser.ParseError: it does not parse.
    """
    try:
        parsed: dict[str, Any] = json.loads(parser.parse_sql_json(text))
    except RecursionError:
        raise ParseError(_DEEP, None) from None
    except UnicodeError:
        raise ParseError("holds characters that no text can have", None) from None
    found: list[Node] = parsed.get("stmts", [])
    return found


def read_statements(source: Source) -> tuple[list[Statement], list[Unreadable]]:
    """Return what can be read of a source, and what cannot."""
    try:
        data = source.text.encode("utf-8", "surrogatepass")
        return list(_statements(parse_json(source.text), data, 0, len(data))), []
    except ParseError:
        return _one_by_one(source)


def _statements(raw: list[Node], data: bytes, base: int, stop: int) -> Iterator[Statement]:
    for item in raw:
        kind = next(iter(item["stmt"]), "")
        begin = base + item.get("stmt_location", 0)
        length = item.get("stmt_len", 0)
        end = begin + length if length else stop
        node = item["stmt"][kind]
        if base:
            shift(node, base)
        yield Statement(kind, node, skip_blanks(data, begin), end)


def skip_blanks(data: bytes, start: int) -> int:
    """Return the offset of the first byte that is neither white space nor comment."""
    while True:
        if match := _BLANK.match(data, start):
            start = match.end()
        if data.startswith(b"/*", start):
            depth = 0
            for edge in re.finditer(rb"/\*|\*/", data[start:]):
                depth += 1 if edge[0] == b"/*" else -1
                if depth == 0:
                    start += edge.end()
                    break
            else:
                return len(data)
        elif not match:
            return start


def shift(node: object, base: int) -> None:
    """Move all locations at or below a node."""
    stack = [node]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(item)
        elif isinstance(item, dict):
            for key, value in item.items():
                if isinstance(value, (dict, list)):
                    stack.append(value)
                elif key in {"location", "arg_location"} and value >= 0:
                    item[key] = value + base


def _one_by_one(source: Source) -> tuple[list[Statement], list[Unreadable]]:
    good: list[Statement] = []
    bad: list[Unreadable] = []
    data = source.text.encode("utf-8", "surrogatepass")
    done_chars = done_bytes = 0
    for start, stop in pieces(source.text):
        done_bytes += len(source.text[done_chars:start].encode("utf-8", "surrogatepass"))
        done_chars = start
        piece = source.text[start:stop]
        size = len(piece.encode("utf-8", "surrogatepass"))
        try:
            good += _statements(parse_json(piece), data, done_bytes, done_bytes + size)
        except ParseError as error:
            bad.append(_unreadable(piece, data, done_bytes, error))
            mended = mend(piece, error)
            if mended is not None:
                good += _statements(mended, data, done_bytes, done_bytes + size)
    return good, bad


def mend(piece: str, error: ParseError) -> list[Node] | None:
    """Return a CREATE TABLE without its elements that do not parse, None if that does not help.

    So the rest of the script knows the table.
    """
    for _ in range(_MENDED):
        where = (*error.args, None)[1]
        blanked = _without_element(piece, where) if isinstance(where, int) else None
        if blanked is None:
            return None
        piece = blanked
        try:
            return parse_json(piece)
        except ParseError as next_error:
            error = next_error
    return None


def _without_element(piece: str, where: int) -> str | None:
    """Blank the table element around an offset, with one comma beside it."""
    data = piece.encode("utf-8", "surrogatepass")
    if not _TABLE.match(data, skip_blanks(data, 0)):
        return None
    depth = 0
    start, elements, first = 0, [], -1
    for match in _SIGN.finditer(piece):
        sign = match["sign"]
        if sign == "(":
            depth += 1
            if depth == 1 and first < 0:
                first = start = match.end()
        elif sign == ")":
            depth -= 1
            if depth == 0 and first >= 0:
                elements.append((start, match.start()))
                break
        elif sign == "," and depth == 1:
            elements.append((start, match.start()))
            start = match.end()
    for number, (begin, end) in enumerate(elements):
        if begin <= where <= end and len(elements) > 1:
            head, tail = begin - (number > 0), end + (number == 0)
            lost = "".join(c if c in "\r\n" else " " for c in piece[head:tail])
            return piece[:head] + lost + piece[tail:]
    return None


def _unreadable(piece: str, data: bytes, base: int, error: ParseError) -> Unreadable:
    message, where = (*error.args, None)[:2]
    size = len(piece.encode("utf-8", "surrogatepass"))
    begin = min(skip_blanks(data, base), base + size)
    if where is None:
        offset = begin if _DEEP in str(message) else base + len(piece.rstrip().encode())
    else:
        offset = base + len(piece[:where].encode("utf-8", "surrogatepass"))
    return Unreadable(begin, base + size, offset, str(message))


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield begin and end of what stands between semicolons outside of quotes, comments, bodies."""
    start = position = depth = atomic = 0
    while match := TOKEN.search(text, position):
        position = end_of_comment(text, match.start()) if match["block"] else match.end()
        word = (match["word"] or "").upper()
        if word == "ATOMIC":
            atomic += 1
        elif atomic and word == "CASE":
            depth += 1
        elif atomic and word == "END":
            if depth:
                depth -= 1
            else:
                atomic -= 1
        elif match["end"] and not atomic:
            yield start, match.end()
            start = match.end()
    if text[start:].strip():
        yield start, len(text)
