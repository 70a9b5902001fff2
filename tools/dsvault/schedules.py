"""Times as cron and systemd write them: calendar_of("17 3 * * *") -> "*-*-* 03:17:00"."""

from __future__ import annotations

import re

from dsvault.errors import DsvaultError

_DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_FIELD = re.compile(r"[0-9A-Za-z*/,-]+")
_ITEM = re.compile(r"(?:\*|(\d+)(?:-(\d+))?)(?:/(\d+))?")


class ScheduleError(DsvaultError):
    """What was given is not how cron writes times."""


def calendar_of(times: str) -> str | None:
    """Return times of cron as systemd writes them; None if it has no words for them.

    :raises ScheduleError: there are not five fields.
    """
    fields = times.split()
    if len(fields) != 5 or not all(_FIELD.fullmatch(field) for field in fields):
        raise ScheduleError(
            f"These are no times of cron: {times}",
            hint="Name minute, hour, day, month and day of the week, such as '17 3 * * *'.",
        )
    minute, hour = _numbers(fields[0], 0), _numbers(fields[1], 0)
    day, month = _numbers(fields[2], 1), _numbers(fields[3], 1)
    weekdays = _weekdays(fields[4])
    # Where day and day of the week are given, cron means either, systemd both.
    if None in {minute, hour, day, month, weekdays} or (weekdays and day != "*"):
        return None
    return f"{weekdays}*-{month}-{day} {hour}:{minute}:00"


def _numbers(field: str, first: int) -> str | None:
    items = []
    for text in field.split(","):
        found = _ITEM.fullmatch(text)
        if found is None:
            return None
        start, end, step = found.groups()
        if start is None and step is None:
            return "*"  # beside which nothing else counts
        item = f"{int(start or first):02d}"
        if end is not None:
            item += f"..{int(end):02d}"
        items.append(item + (f"/{step}" if step else ""))
    return ",".join(items)


def _weekdays(field: str) -> str | None:
    if field == "*":
        return ""
    if re.fullmatch(r"[0-7](-[0-7])?(,[0-7](-[0-7])?)*", field) is None:
        return None
    names = re.sub("[0-7]", lambda found: _DAYS[int(found[0])], field)
    return names.replace("-", "..") + " "
