"""The design document: every item of its SQL blocks, with the lines that state it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pglast import parse_sql
from pglast.parser import ParseError, split

from dsvault.coverage.errors import CoverageError
from dsvault.coverage.items import Item, Kind
from dsvault.coverage.statements import read_statement

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK = re.compile(r"^```sql\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LEADING_COMMENTS = re.compile(r"\A(?:\s+|--[^\n]*\n)+")
# What the document writes behind UNIQUE (…), and PostgreSQL does not read there.
_FAULTY_UNIQUE = re.compile(
    r"CONSTRAINT\s+(?P<name>\w+)\s+(?P<text>UNIQUE\s*\([^()]*\)"
    r"(?P<fault>\s+(?:NULLS NOT DISTINCT|WHERE [^,;]+)))"
)


def read_document(text: str) -> dict[str, Item]:
    """Return the items of a Markdown text's SQL blocks by key, in the order of first mention.

    What is stated again keeps every line. A statement that makes nothing is an item of its own, so
    that it cannot be lost.

    :raises CoverageError: a statement cannot be read, or two statements of one name differ.
    """
    items: dict[str, Item] = {}
    for block in _BLOCK.finditer(text):
        first_line = text.count("\n", 0, block.start(1)) + 1
        for item in _read_block(block[1], first_line):
            known = items.get(item.key, replace(item, lines=()))
            if known.text != item.text:
                raise CoverageError(
                    f"The document states {item.key} in two ways",
                    detail="\n".join(f"line {i.lines[0]}: {i.text}" for i in (known, item)),
                )
            items[item.key] = replace(known, lines=known.lines + item.lines)
    if not items:
        raise CoverageError("The document has no SQL", hint="Its SQL stands in ```sql blocks.")
    return items


def _read_block(sql: str, first_line: int) -> Iterator[Item]:
    for piece in split(sql, with_parser=False, only_slices=True):
        statement = _LEADING_COMMENTS.sub("", sql[piece])
        line = first_line + sql.count("\n", 0, piece.stop - len(statement))
        items = list(_read_statement(statement, line))
        words = " ".join(statement.split())
        yield from items or [Item(Kind.OTHER, f"line {line}", "", words, lines=(line,))]


def _read_statement(statement: str, line: int) -> Iterator[Item]:
    faults: dict[str, str] = {}

    def blank(fault: re.Match[str]) -> str:
        faults[fault["name"]] = " ".join(fault["text"].split())
        # Line ends stay, so that lines are counted right.
        return fault[0].removesuffix(fault["fault"]) + re.sub(r"\S", " ", fault["fault"])

    try:
        node = parse_sql(_FAULTY_UNIQUE.sub(blank, statement))[0].stmt
    except ParseError as error:
        raise CoverageError(
            f"The document's statement in line {line} cannot be read", detail=error.args[0]
        ) from error
    for item in read_statement(node):
        at = (line + statement.count("\n", 0, item.offset),)
        if item.short_name in faults:
            yield replace(item, lines=at, text=faults[item.short_name], faulty=True)
        else:
            yield replace(item, lines=at)
