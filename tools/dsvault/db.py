"""The only place that opens SQL connections.

A Session is one connection for a whole run. `fetch` asks one question. `run` sends any number of
statements, each in a protocol message of its own but all in one network round trip.
"""

from __future__ import annotations

from contextlib import closing, contextmanager, suppress
from itertools import repeat
from typing import TYPE_CHECKING, TypeVar

from psycopg import errors, pq
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from dsvault.attempts import open_connection
from dsvault.dberrors import (
    ConnectError,
    LostConnectionError,
    QueryError,
    Row,
    ServerMessage,
    connection_failed,
    diagnostic_of,
    message_of,
)
from dsvault.pipeline import Batch, Flow, Query
from dsvault.waiting import drive

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

    from psycopg import Connection
    from psycopg.errors import Diagnostic
    from psycopg.pq.abc import PGconn, PGresult
    from psycopg.sql import Composed

    from dsvault.queries import Text
    from dsvault.target import Target
    from dsvault.waiting import Exchange

    # Called for each notice with the index of the query that raised it.
    NoticeHandler = Callable[[int, ServerMessage], None]

__all__ = ["NoticeHandler", "Query", "Row", "Session", "connect"]

OLDEST_SERVER = 150000
_DEFAULTS = {"connect_timeout": "15", "keepalives_idle": "30"}
_DONE = (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK)
_PORTION = 2000  # rows of a stream
# Seconds for the server to stop after an interrupt. One that comes between two statements is lost.
_PATIENCE = (0.25, 0.75, 1.5, 2.5)
_IN_TRANSACTION = (pq.TransactionStatus.INTRANS, pq.TransactionStatus.INERROR)

T = TypeVar("T")


class Session:
    """One connection to one database; outside of a transaction until a statement opens one."""

    def __init__(self, connection: PGconn, target: Target) -> None:
        self.target = target
        self._pgconn = connection
        self._adapted: Connection | None = None
        self._streams = 0
        self._batch = Batch([])
        self._on_notice: NoticeHandler | None = None
        connection.notice_handler = self._notice_result

    def close(self) -> None:
        """Close the connection."""
        if self._adapted is not None:
            self._adapted.close()
        self._pgconn.finish()

    @property
    def is_open(self) -> bool:
        """Whether the connection still stands."""
        return self._pgconn.status != pq.ConnStatus.BAD

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open, be it a failed one."""
        return self._pgconn.transaction_status in _IN_TRANSACTION

    @property
    def is_standby(self) -> bool:
        """Whether the server is a hot standby, which takes no changes."""
        return self._pgconn.parameter_status(b"in_hot_standby") == b"on"

    @property
    def is_superuser(self) -> bool:
        """Whether the role that the session acts as is a superuser."""
        return self._pgconn.parameter_status(b"is_superuser") == b"on"

    @property
    def backend_pid(self) -> int:
        """The process of the server that serves this session."""
        return self._pgconn.backend_pid

    @property
    def dbname(self) -> str:
        """The name of the database."""
        return self._pgconn.db.decode()

    def text(self, query: Composed) -> str:
        """Return a composed query as text for this connection."""
        return query.as_string(self._connection)

    def password_verifier(self, user: str, password: str) -> str:
        """Return what the server stores in place of a user's password, by SCRAM-SHA-256.

        It is computed here, so that the password is neither sent nor logged.
        """
        pgconn = self._pgconn
        return pgconn.encrypt_password(password.encode(), user.encode(), b"scram-sha-256").decode()

    def fetch(self, row: type[T], query: Text | Composed, *parameters: object) -> list[T]:
        """Return the rows of a query with $1, $2 … as values; its columns are the fields of row.

        :raises QueryError: the server refused it.
        :raises LostConnectionError: the connection broke.
        """
        from psycopg.rows import class_row  # noqa: PLC0415 - rows and adapters take long to import

        with self._translated(Batch([])):
            cursor = self._connection.cursor(row_factory=class_row(row))
            text = query.encode() if isinstance(query, str) else query
            return cursor.execute(text, parameters or None).fetchall()

    def stream(
        self,
        row: type[T],
        query: Text | Composed,
        *parameters: object,
        portions: Iterable[int] | None = None,
    ) -> Generator[T]:
        """Yield the rows of a query in the open transaction, 2,000 of them in memory at a time.

        portions say otherwise how many at a time. Several streams may be read in turns.

        :raises QueryError: the server refused it.
        :raises LostConnectionError: the connection broke.
        """
        from psycopg import RawServerCursor  # noqa: PLC0415 - as above
        from psycopg.rows import class_row  # noqa: PLC0415

        self._streams += 1
        name, factory = f"dsvault_stream_{self._streams}", class_row(row)
        with (
            self._translated(Batch([])),
            RawServerCursor(self._connection, name, row_factory=factory) as cursor,
        ):
            text = query.encode() if isinstance(query, str) else query
            cursor.execute(text, parameters or None)
            for size in portions or repeat(_PORTION):
                rows = cursor.fetchmany(size)
                yield from rows
                if len(rows) < size:
                    return

    def run(
        self, queries: Sequence[Query], on_notice: NoticeHandler | None = None
    ) -> list[list[Row]]:
        """Send all queries at once; return the rows of each, as texts.

        After the first error the server skips the rest. on_notice is called while they run.

        :raises QueryError: the server refused one. A transaction that is open stays open, failed.
        :raises LostConnectionError: the connection broke. What was not committed is gone.
        """
        self._on_notice = on_notice
        rows: list[list[Row]] = []
        for part in _parts(queries):
            batch = Batch(part, offset=len(rows))
            exchange = batch.exchange if part[0].data is None else batch.copy
            with self._translated(batch):
                self._wait(exchange(self._pgconn))
            if batch.error is not None:
                raise QueryError(batch.failed_index, batch.error, rows + batch.rows)
            rows += batch.rows
        return rows

    def flow(
        self, batches: Iterable[Sequence[Query]], on_notice: NoticeHandler | None = None
    ) -> Generator[list[list[Row]]]:
        """Send batches one behind the other, without waiting; yield the rows of each in turn.

        None has data for COPY. A batch is asked for when there is room for it. After the first
        error the server skips the rest. Whoever has not had the last answer closes the generator:
        that ends the server's work.

        :raises QueryError: the server refused a query of the next batch.
        :raises LostConnectionError: the connection broke. What was not committed is gone.
        """
        self._on_notice = on_notice
        flow = Flow(self._pgconn)
        try:
            for queries in batches:
                flow.send(queries)
                while flow.is_full or self._has_arrived(flow):
                    yield self._answer(flow)
                if flow.is_cut:
                    break
            while flow.is_under_way:
                yield self._answer(flow)
        except QueryError:
            raise
        except BaseException:
            if flow.is_under_way and self.is_open:  # an interrupt, or nobody wants the rest
                self._cancel(flow.end())
            raise
        finally:
            if self.is_open:
                self._end(flow)

    def _end(self, flow: Flow) -> None:
        with self._translated(self._batch):
            self._wait(flow.end())

    def _has_arrived(self, flow: Flow) -> bool:
        if flow.is_under_way:
            self._batch = flow.first
        return flow.has_arrived()

    def _answer(self, flow: Flow) -> list[list[Row]]:
        batch = flow.first
        with self._translated(batch):
            drive(flow.answer(), self._pgconn)
        flow.take()
        if batch.error is not None:
            if not self.is_open:
                raise self._lost(batch, self._pgconn.get_error_message())
            raise QueryError(batch.failed_index, batch.error, batch.rows)
        return batch.rows

    def prepare(self, name: str, text: str) -> None:
        """Prepare a query with $1, $2 … under a name, for execute.

        :raises QueryError: the server refused it.
        """
        self._check(self._pgconn.prepare(name.encode(), text.encode()))

    def execute(self, name: str, *parameters: str) -> int:
        """Execute what was prepared under a name, in a round trip of its own; return its row count.

        :raises QueryError: the server refused it.
        """
        values = [text.encode() for text in parameters]
        result = self._pgconn.exec_prepared(name.encode(), values)
        self._check(result)
        return result.ntuples

    def _check(self, result: PGresult) -> None:
        if result.status not in _DONE:
            raise QueryError(0, message_of(diagnostic_of(result)))

    def roll_back(self) -> None:
        """End an open transaction without a trace; do nothing where there is none."""
        if self.is_open and self.in_transaction:
            self.run([Query("ROLLBACK")])

    @property
    def _connection(self) -> Connection:
        """The connection as psycopg has it, with its adapters, which take long to import."""
        import psycopg  # noqa: PLC0415

        if self._adapted is None:
            self._adapted = psycopg.Connection(self._pgconn)
            self._adapted.cursor_factory = psycopg.RawCursor
            # A script may DEALLOCATE what it did not prepare.
            self._adapted.prepare_threshold = None
            self._adapted.add_notice_handler(self._notice)
        is_idle = self._pgconn.transaction_status == pq.TransactionStatus.IDLE
        if is_idle and not self._adapted.autocommit:
            self._adapted.autocommit = True
        return self._adapted

    def _wait(self, exchange: Exchange) -> None:
        """Go on with an exchange until it ends. An interrupt ends the server's work on it."""
        try:
            drive(exchange, self._pgconn)
        except KeyboardInterrupt:
            if self._pgconn.transaction_status == pq.TransactionStatus.ACTIVE:
                self._cancel(exchange)
            raise

    def _cancel(self, exchange: Exchange) -> None:
        """Let the server stop and read what it says to that; if it does not, hang up."""
        try:
            for seconds in _PATIENCE:
                with suppress(errors.Error):
                    self._connection.cancel_safe(timeout=_PATIENCE[-1])
                with suppress(TimeoutError):
                    drive(exchange, self._pgconn, seconds)
                    break
            # It has not stopped; or the interrupt met the exchange at work, and nobody reads on.
            if self._pgconn.transaction_status == pq.TransactionStatus.ACTIVE:
                self._pgconn.finish()
        except BaseException as reason:
            self._pgconn.finish()
            if not isinstance(reason, Exception):
                raise

    @contextmanager
    def _translated(self, batch: Batch) -> Iterator[None]:
        """Turn psycopg's errors into ours while a batch is on its way."""
        self._batch = batch
        try:
            yield
        except errors.Error as error:
            if not self.is_open:
                raise self._lost(batch, str(error)) from None
            raise QueryError(0, message_of(error.diag)) from None

    def _lost(self, batch: Batch, words: str) -> LostConnectionError:
        """Return the error for a connection that broke, with the server's or libpq's last word."""
        said = batch.error.message if batch.error else ""
        detail = " ".join((said or words).split())
        return LostConnectionError(f"The connection to {self.target.display} broke", detail=detail)

    def _notice_result(self, result: PGresult) -> None:
        self._notice(diagnostic_of(result))

    def _notice(self, diagnostic: Diagnostic) -> None:
        if self._on_notice is not None:
            self._on_notice(self._batch.index, message_of(diagnostic))


@contextmanager
def connect(target: Target, *, application_name: str) -> Iterator[Session]:
    """Open one connection for a block.

    :raises ConnectError: the server cannot be reached, refuses us, or is older than 15.
    """
    try:
        connection = open_connection(_conninfo(target, application_name))
    except errors.OperationalError as error:
        raise connection_failed(target.display, str(error)) from None
    with closing(Session(connection, target)) as session:
        _refuse_old_server(target, connection.server_version)
        yield session


def client_arguments(target: Target) -> tuple[str, str | None]:
    """Return how another program of PostgreSQL connects: a connection string, and the password.

    The string holds no password; it may stand in a command line.

    :raises ConnectError: libpq does not understand the target.
    """
    parameters = conninfo_to_dict(_conninfo(target, "psql"))
    password = parameters.pop("password", None)
    parameters.pop("sslpassword", None)
    text = make_conninfo(**{key: str(value) for key, value in parameters.items()})
    return text, None if password is None else str(password)


def _parts(queries: Sequence[Query]) -> Iterator[Sequence[Query]]:
    """Yield queries that can go together; one with data goes alone."""
    start = 0
    for i, query in enumerate(queries):
        if query.data is not None:
            if start < i:
                yield queries[start:i]
            yield [query]
            start = i + 1
    if start < len(queries):
        yield queries[start:]


def _conninfo(target: Target, application_name: str) -> str:
    """Return libpq's connection string for a target.

    :raises ConnectError: libpq does not understand them. Its words may repeat a password.
    """
    try:
        given = conninfo_to_dict(target.conninfo)
    except errors.ProgrammingError:
        raise ConnectError(
            f"Cannot connect to {target.display}: libpq does not understand this URI",
            hint="Check the names behind the ?; percent-encode special characters.",
        ) from None
    own = {
        "user": target.user,
        "password": target.password,
        "client_encoding": "UTF8",
    }
    fallback = {"fallback_application_name": application_name}
    parameters = _DEFAULTS | fallback | given | {key: text for key, text in own.items() if text}
    return make_conninfo(**{key: str(value) for key, value in parameters.items()})


def _refuse_old_server(target: Target, version: int) -> None:
    if version < OLDEST_SERVER:
        raise ConnectError(
            f"{target.display} runs PostgreSQL {version // 10000}, which is too old",
            hint=f"Use PostgreSQL {OLDEST_SERVER // 10000} or later.",
        )
