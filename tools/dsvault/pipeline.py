"""Send a batch of statements in one network round trip and read the results one by one.

psycopg's own pipeline reads ahead, so that a notice cannot be told to belong to a statement. These
generators speak to libpq through the same interface and ask for one result at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from psycopg import pq

from dsvault.dberrors import Row, ServerMessage, diagnostic_of, message_of
from dsvault.waiting import READ, WRITE

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from psycopg.pq.abc import PGconn, PGresult

    from dsvault.waiting import Exchange

_COPY_BYTES = 64 * 1024
_FAILED = (pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.BAD_RESPONSE)


class Query(NamedTuple):
    """One statement and the texts for its $1, $2 …; for COPY FROM STDIN the data that follow."""

    text: str
    parameters: tuple[str | None, ...] = ()
    data: str | None = None


class Batch:
    """A batch on its way. offset is the number of queries that went before, in other batches."""

    def __init__(self, queries: Sequence[Query], offset: int = 0) -> None:
        self._queries = queries
        self._offset = offset
        self._number = 0
        self.rows: list[list[Row]] = [[] for _ in queries]
        self.error: ServerMessage | None = None
        self.failed_index = 0

    @property
    def index(self) -> int:
        """The query whose results are being read, counted from 0 over all batches."""
        return self._offset + self._number

    def exchange(self, connection: PGconn) -> Exchange:
        """Send everything and read until the server is done, also after an error of a query.

        :raises psycopg.OperationalError: the connection broke.
        """
        connection.enter_pipeline_mode()
        for query in self._queries:
            values = [None if text is None else text.encode() for text in query.parameters]
            connection.send_query_params(query.text.encode(), values)
        connection.pipeline_sync()
        unsent = True
        done = False
        while not done:
            ready = (yield READ | WRITE if unsent else READ) or 0
            if ready & WRITE:
                unsent = connection.flush() != 0
            if ready & ~WRITE:
                connection.consume_input()
            done = self._read_available(connection)
        connection.exit_pipeline_mode()

    def copy(self, connection: PGconn) -> Exchange:
        """Send the one query of this batch, a COPY FROM STDIN, and its data; no pipeline can.

        :raises psycopg.OperationalError: the connection broke.
        """
        query = self._queries[0]
        connection.send_query_params(query.text.encode(), [])
        yield from _flushed(connection)
        result = yield from _next_result(connection)
        if result is not None and result.status == pq.ExecStatus.COPY_IN:
            content = (query.data or "").encode()
            for start in range(0, len(content), _COPY_BYTES):
                connection.put_copy_data(content[start : start + _COPY_BYTES])
                yield from _flushed(connection)
            connection.put_copy_end()
            yield from _flushed(connection)
            result = yield from _next_result(connection)
        while result is not None:
            self._keep(result)
            result = yield from _next_result(connection)

    def _read_available(self, connection: PGconn) -> bool:
        """Read the results that have arrived; say whether the last one was among them."""
        ended = False  # between two queries libpq has nothing to give
        while not connection.is_busy():
            result = connection.get_result()
            if result is None:
                if ended:
                    return False
                ended = True
                self._number += 1
            elif result.status == pq.ExecStatus.PIPELINE_SYNC:
                return True
            else:
                ended = False
                self._keep(result)
        return False

    def _keep(self, result: PGresult) -> None:
        if result.status in _FAILED and self.error is None:
            self.error = message_of(diagnostic_of(result))
            self.failed_index = self.index
        elif result.status == pq.ExecStatus.TUPLES_OK:
            self.rows[self._number] = list(_rows(result))


def _flushed(connection: PGconn) -> Exchange:
    while connection.flush() != 0:
        ready = (yield READ | WRITE) or 0
        if ready & ~WRITE:
            connection.consume_input()


def _next_result(connection: PGconn) -> Generator[int, int | None, PGresult | None]:
    while connection.is_busy():
        yield READ
        connection.consume_input()
    return connection.get_result()


def _rows(result: PGresult) -> Generator[Row, None, None]:
    for i in range(result.ntuples):
        values = (result.get_value(i, j) for j in range(result.nfields))
        yield tuple(None if value is None else value.decode() for value in values)
