"""PL/pgSQL bodies as values: blocks and statements with places, and the SQL in them.

`plsql_reader` makes them of a text; `plsql_syntax` asks PostgreSQL's reader whether it is right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pglast.parser import ParseError

from dsvault.lint.statements import parse_json, shift

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.lint.tree import Node

_LEX = re.compile(
    r"""
    (?: \s+ | --[^\n]* | /\*.*?\*/ )*+
    (?:
      (?P<quoted>  [eE]'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*'
                 | \$(?P<tag>(?:[^\W\d]\w*)?)\$.*?\$(?P=tag)\$ )
    | (?P<name>    "(?:[^"]|"")*" | [^\W\d][\w$]* )
    | (?P<label>   <<\s*\w+\s*>> )
    | (?P<other>   := | \.\. | :: | => | \d[\w.]* | . )
    | \Z
    )
    """,
    re.VERBOSE | re.DOTALL,
)


_MANY_BLANKS = 8_000  # from here on the parser takes longer for them than shift does


@dataclass(slots=True)
class Token:
    """A word or sign of a body; `text` is upper case for bare words."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(slots=True)
class Expression:
    """A piece of SQL in a body. `is_query` says that it is a statement rather than a value."""

    text: str
    start: int
    is_query: bool = False
    _parsed: list[Node] | None = None

    def parse(self) -> list[Node]:
        """Return its raw statements, located in the file; none if it does not parse."""
        if self._parsed is None:
            prefix = "" if self.is_query else "SELECT "
            # With as many blanks in front the parser counts places as the file does.
            before = self.start - len(prefix)
            blanks = before if 0 < before < _MANY_BLANKS else 0
            try:
                found = parse_json(" " * blanks + prefix + self.text)
            except ParseError:
                found = []
            if before != blanks:
                shift(found, before)
            self._parsed = [item["stmt"] for item in found]
        return self._parsed


@dataclass(slots=True)
class Step:
    """A statement of a body: its keyword, its place, its expressions and the steps inside of it."""

    kind: str  # IF, LOOP, FOR, WHILE, CASE, BLOCK, RAISE, RETURN, EXECUTE, PERFORM, SQL, ASSIGN …
    start: int
    text: str = ""
    expressions: list[Expression] = field(default_factory=list)
    branches: list[list[Step]] = field(default_factory=list)
    handlers: list[tuple[list[str], list[Step], int]] = field(default_factory=list)
    has_else: bool = False
    target: str = ""

    def below(self) -> Iterator[Step]:
        """Yield this step and all inside of it, in order."""
        yield self
        for branch in self.branches:
            for step in branch:
                yield from step.below()
        for _, steps, _ in self.handlers:
            for step in steps:
                yield from step.below()


@dataclass(slots=True)
class Variable:
    """A declared variable, with its type as written, lower case."""

    name: str
    type: str
    start: int
    value: Expression | None = None


@dataclass(slots=True)
class Body:
    """A PL/pgSQL body as far as it can be read."""

    text: str
    variables: list[Variable]
    steps: list[Step]

    def all_steps(self) -> Iterator[Step]:
        """Yield every step, in order."""
        for step in self.steps:
            yield from step.below()


def tokens(text: str) -> list[Token]:
    """Return the words and signs of a body, without blanks and comments."""
    found = []
    for match in _LEX.finditer(text):
        kind = match.lastgroup
        if kind is None:
            break  # nothing but blanks to the end
        word = match[kind]
        if kind == "name" and word[0] != '"':
            word = word.upper()
        found.append(Token(kind, word, match.start(kind), match.end(kind)))
    return found


def without_into(text: str) -> str:
    """Blank the INTO … of a query in a body; INSERT INTO and MERGE INTO stay."""
    if "into" not in text.lower():
        return text
    words = tokens(text)
    depth = 0
    for number, token in enumerate(words):
        if token.text == "(":
            depth += 1
        elif token.text == ")":
            depth -= 1
        elif token.text == "INTO" and depth == 0:
            before = words[number - 1].text if number else ""
            if before in {"INSERT", "MERGE"}:
                continue
            end = _end_of_targets(words, number + 1)
            stop = words[end].start if end < len(words) else len(text)
            size = stop - token.start
            return text[: token.start] + " " * size + text[stop:]
    return text


def _end_of_targets(words: list[Token], at: int) -> int:
    """Return the index of the first token behind the targets of INTO."""
    if at < len(words) and words[at].text == "STRICT":
        at += 1
    while at < len(words):
        at += 1
        while at + 1 < len(words) and words[at].text == ".":
            at += 2
        if at < len(words) and words[at].text == "[":
            while at < len(words) and words[at].text != "]":
                at += 1
            at += 1
        if at < len(words) and words[at].text == ",":
            at += 1
            continue
        break
    return at
