"""Copies of the vault for tests: one that a test left as it was serves the next one too."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import pytest
from tests.support.database import new_database, wait_for_no_session

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg
    from tests.support.cluster import Cluster
    from tests.support.database import Database, Deployer


class Copies:
    """Copies of a template, of which one that a test left as it was serves the next test too.

    Copying and dropping take 30 to 70 ms, and most tests undo all that they did.
    """

    def __init__(self, cluster: Cluster, deployer: Deployer, template: str) -> None:
        self._cluster, self._deployer, self._template = cluster, deployer, template
        self._spare: tuple[Database, ExitStack] | None = None

    @contextmanager
    def one(self) -> Iterator[Database]:
        """Give a copy as the template is, and take it back."""
        database, stack = self._spare or self._make()
        self._spare = None
        before = next_transaction(self._cluster.admin)
        try:
            yield database
        finally:
            is_quiet = wait_for_no_session(self._cluster.admin, database.name)
            if is_quiet and not was_anything_kept(self._cluster.admin, before):
                self._spare = database, stack
            else:
                stack.close()

    def close(self) -> None:
        """Drop the copy that waits for a test."""
        if self._spare is not None:
            self._spare[1].close()

    def _make(self) -> tuple[Database, ExitStack]:
        stack = ExitStack()
        copy = new_database(self._cluster, self._deployer, self._template)
        return stack.enter_context(copy), stack


def next_transaction(admin: psycopg.Connection) -> int:
    """Return the number of the server's next transaction that changes something."""
    query = "SELECT pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text"
    row = admin.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def was_anything_kept(admin: psycopg.Connection, since: int) -> bool:
    """Say whether a transaction from that number on was not undone, anywhere on the server."""
    kept = admin.execute(
        """SELECT
             FROM pg_catalog.generate_series(%s::bigint, %s::bigint - 1) AS n
            WHERE pg_catalog.pg_xact_status(n::text::xid8) IS DISTINCT FROM 'aborted'
            LIMIT 1""",
        [since, next_transaction(admin)],
    )
    return kept.fetchone() is not None


@pytest.fixture(scope="session")
def _copies(server: Cluster, deployer: Deployer, vault_template: str) -> Iterator[Copies]:
    copies = Copies(server, deployer, vault_template)
    yield copies
    copies.close()


@pytest.fixture
def vault(_copies: Copies) -> Iterator[Database]:
    """A database of this test alone in which the whole plan is deployed."""
    with _copies.one() as database:
        yield database
