"""Places in a script: line, column, and the excerpt with a caret that a person reads."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

_WIDEST = 100  # columns of an excerpt; a longer line is cut around the caret


class Place(NamedTuple):
    """A character of a script. Lines and columns count from 1; column None means the whole line."""

    name: str
    line: int
    column: int | None
    text: str

    def __str__(self) -> str:
        """Return `path:line`, the form that editors and terminals turn into a link."""
        return f"{self.name}:{self.line}"

    def excerpt(self) -> list[str]:
        """Return the line and, where the column is known, a second line with the caret below it."""
        if self.column is None:
            return [self.text[:_WIDEST].rstrip()] if self.text.strip() else []
        # What follows tells most, so that the caret stands near the middle.
        cut = max(0, min(self.column - 1 - _WIDEST // 2, len(self.text) - _WIDEST))
        shown = self.text[cut : cut + _WIDEST].rstrip()
        return [shown, "".join(map(_blank, self.text[cut : self.column - 1])) + "^"]


def place_at(name: str, text: str, offset: int, *, with_column: bool = True) -> Place:
    """Return the place of the character at offset (from 0) of a script's text."""
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    return Place(
        name=name,
        line=text.count("\n", 0, offset) + 1,
        column=offset - start + 1 if with_column else None,
        text=text[start : end if end >= 0 else len(text)].rstrip("\r"),
    )


def _blank(char: str) -> str:
    """Return white space as wide as the character, so that the caret stands below its mark."""
    if char == "\t":
        return char
    if unicodedata.combining(char):
        return ""
    return "  " if unicodedata.east_asian_width(char) in "WF" else " "
