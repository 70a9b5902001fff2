"""Sqitch's little language for lists of changes: `%h %n%t` and named formats."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, cast

from dsvault.dates import format_date
from dsvault.errors import DsvaultError
from dsvault.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dsvault.dates import Timed

_HUNK = re.compile(r"%(-)?([0-9]+)?(?:\.([0-9]*))?(?:\{(.*?)\})?(\S)")
_VERTICAL = "\n\v\f\r\x85\u2028\u2029"
_LINE_START = re.compile(r"\A|(?<=\n)(?!\Z)")
_LABELS = {
    "event": "Event:    ",
    "change": "Change:   ",
    "committer": "Committer:",
    "planner": "Planner:  ",
    "by": "By:       ",
    "date": "Date:     ",
    "committed": "Committed:",
    "planned": "Planned:  ",
    "name": "Name:     ",
    "project": "Project:  ",
    "email": "Email:    ",
    "requires": "Requires: ",
    "conflicts": "Conflicts:",
}
_COLOURS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_ANSI = {
    "clear": 0, "reset": 0, "bold": 1, "dark": 2, "faint": 2, "italic": 3, "underline": 4,
    "underscore": 4, "blink": 5, "reverse": 7, "concealed": 8,
    **{f"{name}{colour}": base + number
       for name, base in (("", 30), ("on_", 40), ("bright_", 90), ("on_bright_", 100))
       for number, colour in enumerate(_COLOURS)},
}  # fmt: skip
_EVENT_COLOURS = {"deploy": "green", "revert": "blue"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a list: a planned change, or an event of a database, which has a committer.

    Tags have their @. `event` is deploy, revert or fail.
    """

    event: str
    project: str
    change_id: str
    change: str
    note: str
    tags: Sequence[str]
    requires: Sequence[str]
    conflicts: Sequence[str]
    planned_at: Timed
    planner_name: str
    planner_email: str
    committed_at: Timed | None = None
    committer_name: str | None = None
    committer_email: str | None = None


@dataclass(frozen=True, slots=True)
class Formatter:
    """How items become text. `abbrev` is the number of an ID's digits to show, 0 for all."""

    date_format: str = "iso"
    abbrev: int = 0
    use_colour: bool = False

    def format(self, template: str, item: Item) -> str:
        """Fill in a template: a named one's text, or what follows `format:`.

        Control characters in what is filled in are made visible.

        :raises DsvaultError: the template has an unknown code, label, colour or attribute.
        """
        return _HUNK.sub(lambda match: self._replace(match, item), template)

    def _replace(self, match: re.Match[str], item: Item) -> str:
        if match[0] == "%%":
            return "%"
        left, width, limit, argument, code = match.groups()
        if code == "C":
            text = _colour(item, argument) if self.use_colour else _check_colour(item, argument)
        elif code in _CODES:
            text = printable(_CODES[code](self, item, argument))
        else:
            raise _error(f'Unknown format code "{code}"')
        text = text[: int(limit)] if limit and int(limit) else text
        return text.ljust(int(width or 0)) if left else text.rjust(int(width or 0))


def _error(message: str) -> DsvaultError:
    return DsvaultError(message, hint="`man sqitch-plan` and `man sqitch-log` list the codes.")


def _colour(item: Item, names: str | None) -> str:
    if names == ":event":
        names = _EVENT_COLOURS.get(item.event, "red")
    words = (names or "").lower().replace(",", " ").split()
    if not words or not all(word in _ANSI for word in words):
        raise _error(f"{names or '{color}'} is not a valid ANSI color")
    return f"\x1b[{';'.join(str(_ANSI[word]) for word in words)}m"


def _check_colour(item: Item, names: str | None) -> str:
    _colour(item, names)
    return ""


def _label(_: Formatter, __: Item, name: str | None) -> str:
    if name is None:
        raise _error("No label passed to the _ format")
    if name not in _LABELS:
        raise _error(f'Unknown label "{name}" passed to the _ format')
    return _LABELS[name]


def _short_id(formatter: Formatter, item: Item, digits: str | None) -> str:
    count = int(digits) if digits and digits.isdecimal() else formatter.abbrev
    return item.change_id[: count or None]


def _planner(formatter: Formatter, item: Item, part: str | None) -> str:
    return _person(formatter, part, item.planner_name, item.planner_email, item.planned_at)


def _committer(formatter: Formatter, item: Item, part: str | None) -> str:
    if item.committer_name is None or item.committer_email is None or item.committed_at is None:
        raise _error("The format code c needs an event of a database")
    return _person(formatter, part, item.committer_name, item.committer_email, item.committed_at)


def _person(formatter: Formatter, part: str | None, name: str, email: str, moment: Timed) -> str:
    if part is None:
        return f"{name} <{email}>"
    if part in {"n", "name"}:
        return name
    if part in {"e", "email"}:
        return email
    kind, _, date_format = part.partition(":")
    if kind in {"d", "date"}:
        return format_date(moment, date_format or formatter.date_format)
    return ""


def _list(before: str, values: Sequence[str], separator: str | None, after: str = "") -> str:
    return f"{before}{(separator or ', ').join(values)}{after}" if values else ""


def _subject(_: Formatter, item: Item, indent: str | None) -> str:
    return (indent or "") + re.split(f"[{_VERTICAL}]", item.note, maxsplit=1)[0]


def _body(_: Formatter, item: Item, indent: str | None) -> str:
    if not re.search(f"[{_VERTICAL}]", item.note):
        return ""
    body = re.sub(rf"\A[^\n]+[{_VERTICAL}]+", "", item.note)
    return _LINE_START.sub(lambda _: indent or "", body) if body else ""


def _note(_: Formatter, item: Item, indent: str | None) -> str:
    return _LINE_START.sub(lambda _: indent or "", item.note)


def _attribute(_: Formatter, item: Item, name: str | None) -> str:
    value: object = getattr(item, name, None) if name in _ATTRIBUTES else None
    if name is None or value is None:
        raise _error(f"{name or '{attr}'} is not a valid change attribute")
    if isinstance(value, (tuple, list)):
        text = ", ".join(value)
        if not text:
            return ""
    else:
        text = value if isinstance(value, str) else format_date(cast("Timed", value), "raw")
    return f"{name:<9} {text}\n"


_ATTRIBUTES = frozenset(field.name for field in fields(Item))
_CODES: Mapping[str, Callable[[Formatter, Item, str | None], str]] = {
    "e": lambda _, item, __: item.event,
    "l": lambda _, item, __: item.event,
    "L": lambda _, item, __: item.event.capitalize(),
    "_": _label,
    "H": lambda _, item, __: item.change_id,
    "h": _short_id,
    "n": lambda _, item, __: item.change,
    "o": lambda _, item, __: item.project,
    "p": _planner,
    "c": _committer,
    "t": lambda _, item, separator: _list(" ", item.tags, separator),
    "T": lambda _, item, separator: _list(" (", item.tags, separator, ")"),
    "v": lambda _, __, ___: "\n",
    "s": _subject,
    "b": _body,
    "B": _note,
    "r": lambda _, item, separator: _list(" ", item.requires, separator),
    "R": lambda _, item, separator: _list("Requires:  ", item.requires, separator, "\n"),
    "x": lambda _, item, separator: _list(" ", item.conflicts, separator),
    "X": lambda _, item, separator: _list("Conflicts: ", item.conflicts, separator, "\n"),
    "a": _attribute,
}
