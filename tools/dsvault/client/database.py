"""Asking one question of a database that somebody else connected to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

import psycopg
from psycopg import rows

if TYPE_CHECKING:
    from dsvault.queries import Text

T = TypeVar("T")


class Database(Protocol):
    """Whoever answers queries; a Session of the toolkit does."""

    def fetch(self, row: type[T], query: Text, *parameters: object) -> list[T]:
        """Return the rows of a query with $1, $2 … as values; its columns are the fields of row."""
        ...


class _Connected:
    """An application's own connection, with its own transactions and errors."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def fetch(self, row: type[T], query: Text, *parameters: object) -> list[T]:
        """Return the rows of a query. psycopg's errors pass."""
        with psycopg.RawCursor(self._connection, row_factory=rows.class_row(row)) as cursor:
            return cursor.execute(query.encode(), parameters or None).fetchall()


def on(connection: psycopg.Connection) -> Database:
    """Return an application's psycopg connection as a Database."""
    return _Connected(connection)
