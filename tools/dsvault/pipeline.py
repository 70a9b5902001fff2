"""Send a batch of statements in one network round trip and read the results one by one.

psycopg's own pipeline reads ahead, so that a notice cannot be told to belong to a statement. These
generators speak to libpq through the same interface and ask for one result at a time. A Flow sends
further batches before the first is answered.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from psycopg import errors, pq

from dsvault.dberrors import Row, ServerMessage, diagnostic_of, message_of
from dsvault.waiting import READ, WRITE

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from psycopg.pq.abc import PGconn, PGresult

    from dsvault.waiting import Exchange

_COPY_BYTES = 64 * 1024
# How much of a flow may be on its way: what has been sent is run, whatever becomes of its sender.
_MOST_BATCHES = 20
_MOST_CHARACTERS = 256 * 1024
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
        self._is_between = False  # two queries: then libpq has nothing to give
        self.rows: list[list[Row]] = [[] for _ in queries]
        self.error: ServerMessage | None = None
        self.failed_index = 0

    @property
    def index(self) -> int:
        """The query whose results are being read, counted from 0 over all batches."""
        return self._offset + self._number

    @property
    def size(self) -> int:
        """How many characters its queries have."""
        return sum(len(query.text) for query in self._queries)

    def exchange(self, connection: PGconn) -> Exchange:
        """Send everything and read until the server is done, also after an error of a query.

        :raises psycopg.OperationalError: the connection broke.
        """
        connection.enter_pipeline_mode()
        self.put(connection)
        connection.pipeline_sync()
        yield from _until(connection, lambda: self.read(connection) and _is_synchronous(connection))
        connection.exit_pipeline_mode()

    def put(self, connection: PGconn) -> None:
        """Put the queries into libpq's buffer, in pipeline mode."""
        for query in self._queries:
            values = [None if text is None else text.encode() for text in query.parameters]
            connection.send_query_params(query.text.encode(), values)

    def read(self, connection: PGconn) -> bool:
        """Read the results that have arrived; say whether all queries are answered."""
        while self._number < len(self._queries) and not connection.is_busy():
            result = connection.get_result()
            if result is not None:
                self._is_between = False
                self._keep(result)
            elif self._is_between:
                return False
            else:
                self._is_between = True
                self._number += 1
        return self._number == len(self._queries)

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

    def _keep(self, result: PGresult) -> None:
        if result.status in _FAILED and self.error is None:
            self.error = message_of(diagnostic_of(result))
            self.failed_index = self.index
        elif result.status == pq.ExecStatus.TUPLES_OK:
            self.rows[self._number] = list(_rows(result))


class Flow:
    """Batches that are sent one behind the other, each before those ahead of it are answered.

    What is behind a query that fails is not run: the server skips everything up to the end of the
    flow. So each batch should be a transaction, which is then there, or was not begun.
    """

    def __init__(self, connection: PGconn) -> None:
        self._connection = connection
        self._sent: deque[Batch] = deque()
        self._is_ended = False
        self.is_cut = False  # whether nothing more can be sent; what has arrived can still be read

    @property
    def is_under_way(self) -> bool:
        """Whether a batch is on its way."""
        return bool(self._sent)

    @property
    def is_full(self) -> bool:
        """Whether an answer should come before more is sent."""
        size = sum(batch.size for batch in self._sent)
        return len(self._sent) >= _MOST_BATCHES or size >= _MOST_CHARACTERS

    @property
    def first(self) -> Batch:
        """The first batch that is on its way."""
        return self._sent[0]

    def send(self, queries: Sequence[Query]) -> None:
        """Send a batch, as far as it can be sent at once."""
        connection = self._connection
        self._sent.append(Batch(queries))
        try:
            if connection.pipeline_status == pq.PipelineStatus.OFF:
                connection.enter_pipeline_mode()
            self._sent[-1].put(connection)
            connection.send_flush_request()  # else the server would keep its answers until the end
            connection.flush()
        except errors.OperationalError:
            self.is_cut = True

    def has_arrived(self) -> bool:
        """Say whether the first batch is answered, without waiting for it."""
        if not self._sent:
            return False
        if self.first.read(self._connection):
            return True
        try:
            self._connection.consume_input()
        except errors.OperationalError:
            self.is_cut = True
        return self.first.read(self._connection)

    def answer(self) -> Exchange:
        """Read until the first batch is answered.

        :raises psycopg.OperationalError: the connection broke.
        """
        yield from _until(self._connection, lambda: self.first.read(self._connection))

    def take(self) -> Batch:
        """Return the first batch, of which nothing is left to be read."""
        return self._sent.popleft()

    def end(self) -> Exchange:
        """Read what is on its way still; what nobody took is of no interest.

        :raises psycopg.OperationalError: the connection broke.
        """
        connection = self._connection
        if connection.pipeline_status == pq.PipelineStatus.OFF:
            return
        if not self._is_ended:
            self._is_ended = True
            connection.pipeline_sync()
        yield from _until(connection, self._is_read)
        connection.exit_pipeline_mode()

    def _is_read(self) -> bool:
        while self._sent:
            if not self.first.read(self._connection):
                return False
            self.take()
        return _is_synchronous(self._connection)


def _until(connection: PGconn, is_done: Callable[[], bool]) -> Exchange:
    """Send what is not sent yet and read until something is true.

    :raises psycopg.OperationalError: the connection broke, and what had arrived is not enough.
    """
    is_sent = False
    while not is_done():
        try:
            is_sent = is_sent or connection.flush() == 0
            ready = (yield READ if is_sent else READ | WRITE) or 0
            if ready & ~WRITE:
                connection.consume_input()
        except errors.OperationalError:
            if not is_done():
                raise
            return


def _is_synchronous(connection: PGconn) -> bool:
    """Say whether the end of a pipeline, all of whose queries are answered, has arrived."""
    if connection.is_busy():
        return False
    result = connection.get_result()
    return result is not None and result.status == pq.ExecStatus.PIPELINE_SYNC


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
