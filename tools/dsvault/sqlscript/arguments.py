"""The arguments of psql's commands, and the values of its variables, as psql reads them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from dsvault.sqlscript.files import NotOurs

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE = r""":(?:(?P<plain>\w+)|'(?P<literal>\w+)'|"(?P<identifier>\w+)"|\{\?(?P<asked>\w+)\})"""
_VARIABLE = re.compile(VARIABLE)
_ESCAPED = re.compile(r"\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|(.))", re.DOTALL)
_LETTERS = {"n": "\n", "t": "\t", "b": "\b", "r": "\r", "f": "\f"}
_QUOTED = re.compile(r"'((?:[^'\\\n]|\\[^\n]|'')*)'")
_DOUBLE_QUOTED = re.compile(r'"[^"\n]*"')
_WORDS_OF_TRUTH = ("true", "yes", "on"), ("false", "no", "off")

# What psql itself sets, or obeys.
SPECIAL = frozenset(
    """
    AUTOCOMMIT COMP_KEYWORD_CASE DBNAME ECHO ECHO_HIDDEN ENCODING ERROR FETCH_COUNT HIDE_TABLEAM
    HIDE_TOAST_COMPRESSION HISTCONTROL HISTFILE HISTSIZE HOST IGNOREEOF LASTOID
    LAST_ERROR_MESSAGE LAST_ERROR_SQLSTATE ON_ERROR_ROLLBACK ON_ERROR_STOP
    PIPELINE_COMMAND_COUNT PORT PROMPT1 PROMPT2 PROMPT3 QUIET ROW_COUNT SERVER_VERSION_NAME
    SERVER_VERSION_NUM SERVICE SHELL_ERROR SHELL_EXIT_CODE SHOW_ALL_RESULTS SHOW_CONTEXT
    SINGLELINE SINGLESTEP SQLSTATE USER VERBOSITY VERSION VERSION_NAME VERSION_NUM
    WATCH_INTERVAL
    """.split()  # noqa: SIM905 - two dozen lines otherwise
)


class Arguments(NamedTuple):
    """The arguments of a command, and the offset behind them: a line end or a backslash."""

    values: list[str]
    end: int


def read_arguments(text: str, start: int, variables: Mapping[str, str]) -> Arguments:
    """Return the arguments that follow a command's name at `start`.

    :raises NotOurs: one is the output of a program, or has quotes that do not end.
    """
    values: list[str] = []
    position = start
    while True:
        while position < len(text) and text[position] in " \t\r\f\v":
            position += 1
        if position >= len(text) or text[position] in "\n\\":
            return Arguments(values, position)
        value, position = _read_one(text, position, variables)
        values.append(value)


def _read_one(text: str, position: int, variables: Mapping[str, str]) -> tuple[str, int]:
    pieces = []
    while position < len(text) and text[position] not in " \t\r\f\v\n\\":
        piece, position = _read_piece(text, position, variables)
        pieces.append(piece)
    return "".join(pieces), position


def _read_piece(text: str, position: int, variables: Mapping[str, str]) -> tuple[str, int]:
    character = text[position]
    if character == "`":
        raise NotOurs(position, "the output of a program")
    if character == "'":
        match = _QUOTED.match(text, position)
        if match is None:
            raise NotOurs(position, "a quote without end")
        return _unescape(match[1]), match.end()
    if character == '"':
        match = _DOUBLE_QUOTED.match(text, position)
        if match is None:
            raise NotOurs(position, "a quote without end")
        return match[0], match.end()
    match = _VARIABLE.match(text, position) if character == ":" else None
    if match is None:
        return character, position + 1
    value = variable_value(match, variables)
    return match[0] if value is None else value, match.end()


def reference_at(text: str, offset: int) -> re.Match[str] | None:
    """Return the reference to a variable that stands at an offset, if one does."""
    return _VARIABLE.match(text, offset)


def variable_name(match: re.Match[str]) -> str:
    """Return the name in a reference to a variable."""
    names = (match[kind] for kind in ("plain", "literal", "identifier", "asked"))
    return next(name for name in names if name is not None)


def variable_value(match: re.Match[str], variables: Mapping[str, str]) -> str | None:
    """Return what a reference to a variable stands for, or None if there is no such variable.

    :raises NotOurs: psql itself sets it.
    """
    name = variable_name(match)
    if name in SPECIAL:
        raise NotOurs(match.start(), f"the psql variable {match[0]}")
    if match["asked"]:
        return "TRUE" if name in variables else "FALSE"
    if name not in variables:
        return None
    value = variables[name]
    if match["literal"]:
        return quote_literal(value)
    return quote_identifier(value) if match["identifier"] else value


def quote_literal(value: str) -> str:
    """Return a text as a literal of SQL."""
    doubled = value.replace("'", "''")
    if "\\" not in doubled:
        return f"'{doubled}'"
    escaped = doubled.replace("\\", "\\\\")
    return f" E'{escaped}'"


def quote_identifier(value: str) -> str:
    """Return a text as a quoted name of SQL."""
    doubled = value.replace('"', '""')
    return f'"{doubled}"'


def parse_boolean(text: str) -> bool | None:
    """Return what psql takes a text for: true, false or neither."""
    lower = text.lower()
    if lower in ("1", "0"):
        return lower == "1"
    for words, meaning in zip(_WORDS_OF_TRUTH, (True, False), strict=True):
        # Any beginning will do, but "o" might be on or off.
        if lower and lower != "o" and any(word.startswith(lower) for word in words):
            return meaning
    return None


def _unescape(text: str) -> str:
    plain = text.replace("''", "'")
    return _ESCAPED.sub(_character, plain)


def _character(match: re.Match[str]) -> str:
    octal, hexadecimal, other = match.groups()
    if octal:
        return chr(int(octal, 8) & 0xFF)
    if hexadecimal:
        return chr(int(hexadecimal, 16))
    return _LETTERS.get(other, other)
