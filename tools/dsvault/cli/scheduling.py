"""What a person gives to cron or systemd, so that `dsvault maintain` is run regularly."""

from __future__ import annotations

import os
import pwd
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from dsvault.cli.itself import as_scheduled
from dsvault.schedules import calendar_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dsvault.target import Target

# What finds the embedded server; neither cron nor systemd has a caller's variables.
_PLACES = ("DSVAULT_DATA_DIR", "DSVAULT_PG_BIN", "XDG_CACHE_HOME")


def schedule_lines(
    target: Target, times: str, others: Sequence[str], *, is_done: bool
) -> list[str]:
    """Return what a person is told of the schedule: that it is made, or how to make one.

    :raises dsvault.schedules.ScheduleError: what is given are no times of cron.
    """
    if is_done:
        return [f"pg_cron calls dsvault.maintain() at {times}, as the login of this connection."]
    command = shlex.join([as_scheduled(), "maintain", *_naming(target), *others])
    variables = _variables(target)
    calendar = calendar_of(times)
    return [
        "pg_cron is not installed in this database. A line for crontab:",
        "",
        _crontab(times, command, variables),
        "",
        *(
            _timer(calendar, command, variables)
            if calendar
            else ["systemd has no words for these times."]
        ),
    ]


def _crontab(times: str, command: str, variables: dict[str, str]) -> str:
    settings = "".join(f"{name}={shlex.quote(value)} " for name, value in variables.items())
    # To cron and systemd a percent sign is none, and addresses of sockets are full of them.
    return f"{times} {settings}{command}".replace("%", r"\%")


def _timer(calendar: str, command: str, variables: dict[str, str]) -> Iterator[str]:
    yield "Or a timer for systemd, /etc/systemd/system/dsvault-maintain.timer and .service:"
    yield ""
    yield from ("[Timer]", f"OnCalendar={calendar}", "Persistent=true", "")
    yield from ("[Install]", "WantedBy=timers.target", "")
    yield from ("[Service]", "Type=oneshot")
    if os.geteuid() != 0:
        yield f"User={_account()}"
    for name, value in variables.items():
        escaped = value.replace("\\", r"\\").replace('"', r"\"").replace("%", "%%")
        yield f'Environment="{name}={escaped}"'
    yield f"ExecStart={command.replace('%', '%%').replace('$', '$$')}"


def _account() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def _naming(target: Target) -> list[str]:
    if target.is_embedded:  # which has no name, and is taken where none is given
        return []
    return ["--target", target.display]


def _variables(target: Target) -> dict[str, str]:
    """Return the variables by which the embedded server was found, if it is that."""
    if not target.is_embedded:
        return {}
    given = {name: os.environ[name] for name in _PLACES if os.environ.get(name)}
    if given.get("DSVAULT_DATA_DIR"):
        given.pop("XDG_CACHE_HOME", None)
        given["DSVAULT_DATA_DIR"] = str(Path(given["DSVAULT_DATA_DIR"]).absolute())
    return given
