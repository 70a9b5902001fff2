"""Dates as Sqitch shows them: by the name of a format, in the local time zone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from dsvault.cldr import format_cldr
from dsvault.errors import DsvaultError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime


class Timed(Protocol):
    """Something that has a time: `date` is its text as YYYY-MM-DDTHH:MM:SSZ."""

    @property
    def date(self) -> str:
        """Return the time in UTC as text."""

    @property
    def timestamp(self) -> datetime:
        """Return the time with its zone."""


def format_date(timed: Timed, name: str) -> str:
    """Return a time in the format `name`; all but raw are in the local zone.

    :raises DsvaultError: there is no such format.
    """
    validate_date_format(name)
    if name == "raw":
        return timed.date
    moment = timed.timestamp.astimezone()
    kind, colon, pattern = name.partition(":")
    if kind == "cldr":
        return format_cldr(moment, pattern, _zone_name(moment))
    return moment.strftime(pattern) if colon else _FORMATS[kind](moment)


def validate_date_format(name: str) -> None:
    """Check the name of a date format.

    :raises DsvaultError: there is no such format.
    """
    if name == "raw" or name in _FORMATS or name.startswith(("strftime:", "cldr:")):
        return
    raise DsvaultError(
        f'Unknown date format "{name}"',
        hint=f"Use raw, {', '.join(_FORMATS)} strftime:PATTERN or cldr:PATTERN.",
    )


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S %z")


def _rfc(moment: datetime) -> str:
    text = f"{moment:%a, %d %b %Y %H:%M:%S %z}"
    # RFC 2822 keeps -0000 for times whose place is not known.
    return text.removesuffix("+0000") + "-0000" if text.endswith("+0000") else text


def _clock(moment: datetime, *, seconds: bool = True) -> str:
    minutes = moment.strftime(":%M:%S" if seconds else ":%M")
    # CLDR puts a narrow no-break space before AM and PM.
    return f"{moment.hour % 12 or 12}{minutes}\u202f{moment:%p}"


def _full(moment: datetime) -> str:
    day = f"{moment:%A, %B} {moment.day}, {moment.year}"
    return f"{day}, {_clock(moment)} {_zone_name(moment)}"


def _long(moment: datetime) -> str:
    return f"{moment:%B} {moment.day}, {moment.year}, {_clock(moment)} {moment:%Z}"


def _medium(moment: datetime) -> str:
    return f"{moment:%b} {moment.day}, {moment.year}, {_clock(moment)}"


def _short(moment: datetime) -> str:
    clock = _clock(moment, seconds=False)
    return f"{moment.month}/{moment.day}/{moment.year % 100:02}, {clock}"


def _zone_name(moment: datetime) -> str:
    """Return Europe/Berlin rather than CET where the system says so."""
    name = os.environ.get("TZ", "").removeprefix(":")
    if not name:
        _, _, name = str(Path("/etc/localtime").resolve()).partition("/zoneinfo/")
    return name.removeprefix("Etc/") if name and "," not in name else f"{moment:%Z}"


_FORMATS: Mapping[str, Callable[[datetime], str]] = {
    "iso": _iso,
    "iso8601": _iso,
    "rfc": _rfc,
    "rfc2822": _rfc,
    "full": _full,
    "long": _long,
    "medium": _medium,
    "short": _short,
}
