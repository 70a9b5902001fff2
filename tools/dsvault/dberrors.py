"""What a server says when something fails, as values, and the errors that carry it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.errors import DsvaultError
from dsvault.values import Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg.errors import Diagnostic
    from psycopg.pq.abc import PGresult

Row = tuple[str | None, ...]
LOCK_NOT_AVAILABLE = "55P03"
_ERRORS = ("ERROR", "FATAL", "PANIC")


class ServerMessage(Value):
    """An error, warning or notice of the server. position counts characters from 1."""

    severity: str
    sqlstate: str
    message: str
    detail: str | None = None
    hint: str | None = None
    context: str | None = None
    position: int | None = None

    def lines(self) -> list[str]:
        """Return what the server adds to its message, each part behind its name as psql has it."""
        context = self.context if self.severity in _ERRORS else None
        parts = (("DETAIL", self.detail), ("HINT", self.hint), ("CONTEXT", context))
        return [f"{name}:  {text}" for name, text in parts if text]

    def as_json(self) -> dict[str, str | int | None]:
        """Return the message as one JSON object."""
        return {
            "severity": self.severity,
            "sqlstate": self.sqlstate,
            "message": self.message,
            "detail": self.detail,
            "hint": self.hint,
            "context": self.context,
        }


def diagnostic_of(result: PGresult) -> Diagnostic:
    """Return the parts of what a server says."""
    from psycopg.errors import Diagnostic  # noqa: PLC0415 - it stands beside hundreds of errors

    return Diagnostic(result)


def message_of(diagnostic: Diagnostic) -> ServerMessage:
    """Return what a server's error or notice says."""
    position = diagnostic.statement_position
    return ServerMessage(
        severity=diagnostic.severity_nonlocalized or "ERROR",
        sqlstate=diagnostic.sqlstate or "",
        message=diagnostic.message_primary or "",
        detail=diagnostic.message_detail,
        hint=diagnostic.message_hint,
        context=diagnostic.context,
        position=None if position is None else int(position),
    )


class ConnectError(DsvaultError):
    """The database cannot be reached."""


class LostConnectionError(DsvaultError):
    """The connection to the server broke."""


class QueryError(DsvaultError):
    """The server refused a query. index counts the queries of its batch from 0.

    rows are what the queries before it returned.
    """

    def __init__(
        self, index: int, error: ServerMessage, rows: Sequence[Sequence[Row]] = ()
    ) -> None:
        self.index = index
        self.rows = rows
        self.error = error
        self.sqlstate = error.sqlstate
        super().__init__(
            f"{error.severity}:  {error.message}",
            detail=error.detail,
            hint=error.hint,
        )


# What libpq and the server say, in the order in which they are looked for, and what we say to it.
_REASONS = (
    (
        r'database "(?P<name>.*)" does not exist',
        'there is no database "{name}" on this server',
        'Create it, for example with createdb "{name}".',
    ),
    (
        r'password authentication failed for user "(?P<name>.*)"',
        'the server refused the password of user "{name}"',
        "Give it in PGPASSWORD, in ~/.pgpass or in SQITCH_PASSWORD.",
    ),
    (
        r"no password supplied",
        "the server asks for a password and none was given",
        "Give it in PGPASSWORD, in ~/.pgpass or in SQITCH_PASSWORD.",
    ),
    (
        r'role "(?P<name>.*)" does not exist',
        'the server knows no user "{name}"',
        "Name an existing user in the target, or create this one.",
    ),
    (
        r"resolve host '(?P<name>.*)'|host name \"(?P<name2>.*)\" to address",
        'the host name "{name}" is not known',
        "Check the host of the target.",
    ),
    (
        r"Connection refused|No such file or directory|timeout|No route to host|unreachable",
        "no server answers",
        "Start the server, or check host and port of the target.",
    ),
    (
        r"too many (?:clients|connections)|remaining connection slots",
        "the server accepts no more connections",
        "Wait until a session ends, or raise max_connections.",
    ),
)


def connection_failed(display: str, words: str) -> ConnectError:
    """Return the error for a connection attempt; words is what libpq or the server said."""
    asked = re.sub(r"\s*\n\s*Is the server running.*\?", "", words.strip())  # what the hint says
    said = re.sub(r"\s*\n\s*", " ", asked)
    detail = re.sub(r"^connection (?:failed|is bad): ", "", said)
    for pattern, message, hint in _REASONS:
        match = re.search(pattern, said)
        if match:
            name = next((text for text in match.groups() if text), "")
            return ConnectError(
                f"Cannot connect to {display}: {message.format(name=name)}",
                detail=detail,
                hint=hint.format(name=name),
            )
    return ConnectError(f"Cannot connect to {display}", detail=detail)
