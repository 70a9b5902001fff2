"""Waiting on libpq's socket, for generators that yield what they wait for."""

from __future__ import annotations

import select
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Generator

    from psycopg.pq.abc import PGconn

    # Yields READ, WRITE or both, and gets what came true: all that is not WRITE is to be read.
    # It gets None when it is gone on with after an exception.
    Exchange: TypeAlias = Generator[int, int | None, None]

READ, WRITE = select.POLLIN, select.POLLOUT


def drive(exchange: Exchange, connection: PGconn, seconds: float | None = None) -> None:
    """Go on with an exchange until it ends. After an exception it can be gone on with.

    :raises TimeoutError: it took longer than so many seconds.
    """
    end = None if seconds is None else monotonic() + seconds
    with suppress(StopIteration):
        wanted = next(exchange)
        while True:
            wanted = exchange.send(_wait(connection.socket, wanted, end))


def _wait(socket: int, wanted: int, end: float | None) -> int:
    waiting = select.poll()
    waiting.register(socket, wanted)
    found = waiting.poll(None if end is None else max(0.0, end - monotonic()) * 1000)
    if not found:
        raise TimeoutError
    return found[0][1]
