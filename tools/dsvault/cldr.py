"""Dates by the patterns of Unicode's CLDR, in English."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

# A quoted text with two quotes for one, or a run of one letter.
_TOKEN = re.compile(r"'((?:[^']|'')*)'|(([A-Za-z])\3*)")
_ORDINALS = ("1st", "2nd", "3rd", "4th")
_NAMES = 3  # letters from which on a name is written, not a number


def format_cldr(moment: datetime, pattern: str, zone_name: str) -> str:
    """Return a time by a pattern such as `EEEE, d MMMM y`; zone_name is what VVVV shows.

    Letters that mean nothing stay as they are.
    """

    def replace(match: re.Match[str]) -> str:
        if match[1] is not None:
            return match[1].replace("''", "'")
        field = _FIELDS.get(match[3])
        if match[3] in "vVz" and len(match[0]) > _NAMES:
            return zone_name
        return field(moment, len(match[0])) if field else match[0]

    return _TOKEN.sub(replace, pattern)


def _number(value: int, count: int) -> str:
    return f"{value:0{count}}"


def _named(number: int, count: int, name: str) -> str:
    """Return a number for one or two letters, then the name: short, whole, first letter."""
    if count < _NAMES:
        return _number(number, count)
    return {3: name[:3], 4: name}.get(count, name[:1])


def _year(year: int, count: int) -> str:
    return f"{year % 100:02}" if count == len("yy") else _number(year, count)


def _quarter(moment: datetime, count: int) -> str:
    quarter = (moment.month + 2) // 3
    if count < _NAMES:
        return _number(quarter, count)
    return f"Q{quarter}" if count == _NAMES else f"{_ORDINALS[quarter - 1]} quarter"


def _era(_: datetime, count: int) -> str:
    return {4: "Anno Domini", 5: "A"}.get(count, "AD")


def _month(moment: datetime, count: int) -> str:
    return _named(moment.month, count, f"{moment:%B}")


def _weekday(moment: datetime, count: int) -> str:
    return _named(0, max(count, _NAMES), f"{moment:%A}")


def _local_weekday(moment: datetime, count: int) -> str:
    return _named(moment.isoweekday() % 7 + 1, count, f"{moment:%A}")


def _offset(moment: datetime, count: int) -> str:
    return f"{moment:%z}" if count <= _NAMES else f"{moment:%Z%z}"


def _milliseconds(moment: datetime, count: int) -> str:
    seconds = (moment.hour * 60 + moment.minute) * 60 + moment.second
    return _number(seconds * 1000 + moment.microsecond // 1000, count)


_FIELDS: Mapping[str, Callable[[datetime, int], str]] = {
    "G": _era,
    "y": lambda moment, count: _year(moment.year, count),
    "Y": lambda moment, count: _year(moment.isocalendar().year, count),
    "u": lambda moment, count: _number(moment.year, count),
    "Q": _quarter,
    "q": _quarter,
    "M": _month,
    "L": _month,
    "w": lambda moment, count: _number(moment.isocalendar().week, count),
    "W": lambda moment, _: str((moment.day + 10 - moment.isoweekday()) // 7),  # by Thursdays
    "d": lambda moment, count: _number(moment.day, count),
    "D": lambda moment, count: _number(moment.timetuple().tm_yday, count),
    "F": lambda moment, _: str((moment.day - 1) // 7 + 1),
    "E": _weekday,
    "e": _local_weekday,
    "c": lambda moment, count: _named(moment.isoweekday(), count, f"{moment:%A}"),
    "a": lambda moment, _: f"{moment:%p}",
    "h": lambda moment, count: _number(moment.hour % 12 or 12, count),
    "j": lambda moment, count: _number(moment.hour % 12 or 12, count),
    "H": lambda moment, count: _number(moment.hour, count),
    "K": lambda moment, count: _number(moment.hour % 12, count),
    "k": lambda moment, count: _number(moment.hour or 24, count),
    "m": lambda moment, count: _number(moment.minute, count),
    "s": lambda moment, count: _number(moment.second, count),
    "S": lambda moment, count: f"{moment.microsecond:06}".ljust(count, "0")[:count],
    "A": _milliseconds,
    "z": lambda moment, _: f"{moment:%Z}",
    "Z": _offset,
    "v": lambda moment, _: f"{moment:%Z}",
    "V": lambda moment, _: f"{moment:%Z}",
}
