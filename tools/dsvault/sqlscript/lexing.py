"""Comments and white space, as PostgreSQL reads them."""

from __future__ import annotations

import re

_COMMENT_EDGE = re.compile(r"/\*|\*/")
_BLANK = re.compile(r"\s+|--[^\n]*|/\*")


def end_of_comment(text: str, start: int) -> int:
    """Return the offset behind the block comment at start; such comments nest."""
    depth = 0
    for match in _COMMENT_EDGE.finditer(text, start):
        depth += 1 if match[0] == "/*" else -1
        if depth == 0:
            return match.end()
    return len(text)


def first_character(text: str, start: int) -> int:
    """Return the offset of the first character that is neither white space nor comment."""
    while match := _BLANK.match(text, start):
        start = end_of_comment(text, start) if match[0] == "/*" else match.end()
    return start
