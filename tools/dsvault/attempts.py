"""Open a connection of libpq: each host and address in turn, each with the timeout.

psycopg.connect does the same, and more: its connections come with adapters and cursors, whose
import takes longer than most commands do. A Session asks for those when it needs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import errors, pq
from psycopg.conninfo import (
    conninfo_attempts,
    conninfo_to_dict,
    make_conninfo,
    timeout_from_conninfo,
)

from dsvault.waiting import READ, WRITE, drive

if TYPE_CHECKING:
    from psycopg.abc import ConnDict
    from psycopg.pq.abc import PGconn

    from dsvault.waiting import Exchange


def open_connection(conninfo: str) -> PGconn:
    """Return a connection, in non-blocking mode.

    :raises psycopg.OperationalError: no host answered in time, or the server refused us.
    """
    parameters = conninfo_to_dict(conninfo)
    seconds = timeout_from_conninfo(parameters)
    failures = []
    for attempt in conninfo_attempts(parameters):
        connection = pq.PGconn.connect_start(make_conninfo("", **attempt).encode())
        try:
            drive(_opening(connection), connection, seconds)
        except TimeoutError:
            failures.append((attempt, "connection timeout expired"))
        except errors.OperationalError as error:
            failures.append((attempt, str(error)))
        else:
            connection.nonblocking = 1
            return connection
        connection.finish()
    raise errors.OperationalError(_words(failures))


def _opening(connection: PGconn) -> Exchange:
    """Go on until the connection stands.

    :raises psycopg.OperationalError: it will not.
    """
    is_bad = connection.status == pq.ConnStatus.BAD
    while not is_bad:
        status = connection.connect_poll()
        if status == pq.PollingStatus.OK:
            return
        is_bad = status == pq.PollingStatus.FAILED
        if not is_bad:
            yield READ if status == pq.PollingStatus.READING else WRITE
    raise errors.OperationalError(f"connection failed: {connection.get_error_message()}")


def _words(failures: list[tuple[ConnDict, str]]) -> str:
    """Return what the last attempt met with, and if there were more, all of them."""
    last = failures[-1][1]
    if len(failures) == 1:
        return last
    told = (f"{attempt.get('host')}:{attempt.get('port')}: {text}" for attempt, text in failures)
    return "; ".join([last, *told])
