"""What only psql understands: meta-commands, variables and the data lines of COPY.

PostgreSQL's parser refuses all three, so this module is asked only after a script failed to parse:
it finds the reason, or blanks the few commands that change nothing about what the script does.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# One alternative per thing that psql's lexer tells apart. Block comments nest: cut by hand.
TOKEN = re.compile(
    r"""
      (?P<comment>   --[^\n]* )
    | (?P<block>     /\* )
    | (?P<quoted>    [eE]'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*' | "(?:[^"]|"")*"
                   | \$(?P<tag>(?:[^\W\d]\w*)?)\$.*?\$(?P=tag)\$ )
    | (?P<word>      [^\W\d][\w$]* )
    | (?P<cast>      ::|:= )
    | (?P<variable>  :(?:[^\W\d]\w* | '\w+' | "\w+" | \{\?\w+\}) )
    | (?P<command>   \\[^\n]* )
    | (?P<end>       ; )
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_COPY_FROM_STDIN = re.compile(r"COPY\b.*\bFROM\s+STDIN\b", re.IGNORECASE | re.DOTALL)
# They speak to psql's display, or ask for what the runner does anyway.
_WITHOUT_EFFECT = re.compile(r"\\(?:timing\b.*|pset\b.*|set\s+ON_ERROR_STOP\s+(?:on|1|true)\s*)\Z")


class PsqlFeature(NamedTuple):
    """A spot of a script that only psql can run: offset from 0, and what stands there."""

    offset: int
    what: str


def find_psql_feature(text: str, error_offset: int) -> PsqlFeature | None:
    """Return the spot that needs psql and made the parser stop at error_offset, or None.

    Commands that only set the display or ON_ERROR_STOP are not reported.
    """
    statement = position = 0
    while (match := TOKEN.search(text, position)) and match.start() <= error_offset:
        position = end_of_comment(text, match.start()) if match["block"] else match.end()
        if match["command"] and not _WITHOUT_EFFECT.match(match["command"]):
            return PsqlFeature(match.start(), f"the psql command {match['command'].split()[0]}")
        # A colon also separates the bounds of an array slice, which the parser takes.
        if match["variable"] and match.start() == error_offset:
            return PsqlFeature(match.start(), f"the psql variable {match['variable']}")
        if match["end"]:
            copy = _COPY_FROM_STDIN.search(text, statement, match.start())
            if copy:
                return PsqlFeature(copy.start(), "COPY FROM STDIN with data in the script")
            statement = match.end()
    return None


def blank_commands_without_effect(text: str) -> str:
    """Return the text with harmless psql commands overwritten by blanks; offsets stay true."""
    pieces = []
    position = done = 0
    while match := TOKEN.search(text, position):
        position = end_of_comment(text, match.start()) if match["block"] else match.end()
        if match["command"] and _WITHOUT_EFFECT.match(match["command"]):
            pieces += [text[done : match.start()], " " * len(match["command"])]
            done = match.end()
    return "".join(pieces) + text[done:]


def end_of_comment(text: str, start: int) -> int:
    """Return the offset behind the block comment at start; such comments nest."""
    depth = 0
    for match in _COMMENT_EDGE.finditer(text, start):
        depth += 1 if match[0] == "/*" else -1
        if depth == 0:
            return match.end()
    return len(text)
