"""The syntax of sqitch.conf, which is git's in the relaxed form that Sqitch's reader accepts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

from dsvault.errors import DsvaultError
from dsvault.patterns import later
from dsvault.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

_SKIP = re.compile(r"\s*(?:[#;][^\n]*\s*)*")
_SECTION = re.compile(r'\[([^\s\[\]"]+)(?:[\t ]*"([^\n]*?)")?\]')
_KEY_ALONE = later(r"([^\[=\n][^=\n]*?)[\t ]*(?:[#;][^\n]*)?(?=\n|\Z)")
_KEY = re.compile(r"([^\[=\n][^=\n]*?)[\t ]*=[\t ]*")
_VALUE_END = re.compile(r"(?:[ \t]*[#;][^\n]*)?(?=\n|\Z)")
_PIECE = later(
    r"""
      (?P<space>[\t ]+)
    | (?P<continued>\\\n)
    | \\(?P<escape>[\\'"ntb])
    | "(?P<quoted>[^"\\]*(?:\\[\ntbn"\\][^"\\]*)*)"
    | (?P<plain>[^\t \\\n"]+)
    """,
    re.VERBOSE,
)
_ESCAPES = {"n": "\n", "t": "\t", "b": "\b"}


class ConfigError(DsvaultError):
    """The configuration cannot be used."""


class Setting(Value):
    """One line `name = value` of a file. A name alone has no value, which means true."""

    section: str  # lower case; with a dot and the subsection if there is one
    name: str  # as written
    value: str | None
    start: int = 0  # where it stands in the file's text, line ends LF
    end: int = 0

    @property
    def key(self) -> str:
        """Return the key by which the setting is found: `section.subsection.name`."""
        return f"{self.section}.{self.name.lower()}"


class Header(Value):
    """A line that opens a section, and where it stands."""

    section: str
    start: int
    end: int


def parse_settings(text: str, path: object) -> Iterator[Setting]:
    """Yield the settings of a file in their order; `path` is only named in messages.

    :raises ConfigError: a line is none of comment, section, name and name = value.
    """
    return (item for item in parse_items(text, path) if isinstance(item, Setting))


def parse_items(text: str, path: object) -> Iterator[Header | Setting]:
    """Yield the headers of sections too.

    :raises ConfigError: as parse_settings says.
    """
    return _Reader(text.replace("\r\n", "\n"), path).items()


class _Reader:
    def __init__(self, text: str, path: object) -> None:
        self.text = text
        self.path = path
        self.position = 0
        self.section = ""
        self.end = 0  # of the last setting, without the comment behind it

    def items(self) -> Iterator[Header | Setting]:
        while not self._at_end():
            start = self.position
            section = self._take(_SECTION)
            if section:
                self._enter(section, start)
                yield Header(self.section, start, self.position)
                continue
            name = self._take(_KEY_ALONE)
            self.end = start + len(name[1]) if name else start
            value = None
            if name is None:
                name = self._take(_KEY)
                if name is None:
                    self._fail(start)
                value = self._value(start)
            if not self.section:
                self._fail(start, hint="Put it below a section like [core].")
            yield Setting(self.section, name[1], value, start, self.end)

    def _at_end(self) -> bool:
        self._take(_SKIP)
        return self.position >= len(self.text)

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self.text, self.position)
        if match:
            self.position = match.end()
        return match

    def _enter(self, match: re.Match[str], start: int) -> None:
        self.section = match[1].lower()
        subsection = match[2]
        if subsection:
            if re.search(r'[\\"]', subsection.replace(r"\\", "").replace(r"\"", "")):
                self._fail(start, hint=r"In a subsection write \\ for a backslash, \" for a quote.")
            self.section += "." + subsection.replace(r"\\", "\\").replace(r"\"", '"')

    def _value(self, start: int) -> str:
        value = ""
        while True:
            self.end = self.position
            if self._take(_VALUE_END) is not None:
                return value
            piece = self._take(_PIECE)
            if piece is None:
                self._fail(start, hint="Close the quotes; write backslashes twice.")
            if piece["space"]:
                value += " "
            elif piece["escape"]:
                value += _ESCAPES.get(piece["escape"], piece["escape"])
            elif piece["quoted"] is not None:
                value += _unquote(piece["quoted"])
            else:
                value += piece["plain"] or ""

    def _fail(self, start: int, *, hint: str = "Write [section] or name = value.") -> NoReturn:
        number = self.text.count("\n", 0, start) + 1
        line = self.text.splitlines()[number - 1]
        raise ConfigError(
            f"Error parsing {self.path} at line {number}", detail=line.strip(), hint=hint
        )


def _unquote(text: str) -> str:
    text = text.replace("\\\n", "").replace(r"\n", "\n").replace(r"\t", "\t").replace(r"\b", "\b")
    return text.replace(r"\\", "\\")
