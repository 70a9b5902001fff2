"""Members of a JSON object exchanged within its own bytes, so that all else stays as it is. Pure.

A text that is put back is spelt as it was: JSON has several spellings for one text, and the ways in
which programs write it have names here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from json import JSONDecoder
from typing import TYPE_CHECKING, Any

from dsvault.files.errors import FileFormatError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

_BLANKS = " \t\n\r"
_BOM = "\ufeff"  # a file may begin with one
_DECODER = JSONDecoder()


@dataclass(frozen=True, slots=True)
class Member:
    """A member: where its value stands in the text of the object, and what it is."""

    start: int
    end: int
    value: Any = field(repr=False)


def find_members(content: bytes, names: Collection[str]) -> dict[str, Member]:
    """Return those members of an object that are asked for and there.

    :raises FileFormatError: one is there twice.
    """
    text, found = content.decode(), {}
    begin = len(_BOM) if text.startswith(_BOM) else 0
    place = _skip(text, _skip(text, begin) + 1)
    while text[place] == '"':
        name, place = _DECODER.raw_decode(text, place)
        start = _skip(text, _skip(text, place) + 1)
        value, place = _DECODER.raw_decode(text, start)
        if name in found:
            raise FileFormatError(f"A record has the member {name} twice")
        if name in names:
            found[name] = Member(start, place, value)
        place = _skip(text, place)
        if text[place] == ",":
            place = _skip(text, place + 1)
    return found


def exchanged(content: bytes, members: Mapping[str, Member], spelt: Mapping[str, str]) -> bytes:
    """Return the object with other values, spelt as JSON, in place of members."""
    text = content.decode()
    for name in sorted(spelt, key=lambda name: members[name].start, reverse=True):
        member = members[name]
        text = text[: member.start] + spelt[name] + text[member.end :]
    return text.encode()


def spelling_of(content: bytes, member: Member) -> str:
    """Return by which name a text is spelt as it stands there.

    :raises FileFormatError: by none that is known.
    """
    found = content.decode()[member.start : member.end]
    for name, spell in SPELLINGS.items():
        if spell(member.value) == found:
            return name
    raise FileFormatError(
        "A text that is to be replaced is written in an unusual way",
        hint="Write the file anew by a program that knows JSON.",
    )


def _skip(text: str, place: int) -> int:
    while text[place] in _BLANKS:
        place += 1
    return place


def _plain(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _upper(text: str) -> str:
    """Return a text in ASCII, its numbers in capitals."""
    return "".join(
        sign if sign.isascii() else json.dumps(sign)[1:-1].upper().replace("\\U", "\\u")
        for sign in _plain(text)
    )


def _slashed(spell: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: spell(text).replace("/", "\\/")


# "" is that of nearly all programs; ascii is Python's, slash and ascii-slash are PHP's.
SPELLINGS: Mapping[str, Callable[[str], str]] = {
    "": _plain,
    "ascii": json.dumps,
    "ASCII": _upper,
    "slash": _slashed(_plain),
    "ascii-slash": _slashed(json.dumps),
    "ASCII-slash": _slashed(_upper),
}
