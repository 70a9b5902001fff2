"""A wire between a client and the server, which a test can cut.

It listens on a port of this machine and speaks no protocol: bytes go through.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.database import Database

_SIZE = 65536


class Wire:
    """`cuts(data)` is asked about all that the server sends; `url` is the deployer's way through.

    When it says yes the data are not delivered and both sides are disconnected.
    """

    def __init__(self, database: Database, cuts: Callable[[bytes], bool]) -> None:
        self._cluster = database.cluster
        self._cuts = cuts
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        user, password = database.deployer.name, quote(database.deployer.password, safe="")
        port = self._listener.getsockname()[1]
        self.url = (
            f"postgresql://{user}:{password}@127.0.0.1:{port}/{database.name}?sslmode=disable"
        )
        self._start(self._accept)

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        for end in [self._listener, *self._ends]:
            _close(end)
        for thread in self._threads:
            thread.join(5)

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = self._connect()
                self._ends += [client, server]
                self._start(_pass, client, server, lambda _: False)
                self._start(_pass, server, client, self._cuts)

    def _connect(self) -> socket.socket:
        host, port = self._cluster.host, self._cluster.port
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        end = socket.socket(socket.AF_UNIX)
        end.connect(f"{host}/.s.PGSQL.{port}")
        return end


def _pass(one: socket.socket, other: socket.socket, cuts: Callable[[bytes], bool]) -> None:
    with contextlib.suppress(OSError):
        while (data := one.recv(_SIZE)) and not cuts(data):
            other.sendall(data)
    _close(one)
    _close(other)


def _close(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
