"""The embedded PostgreSQL server: found, initialised, started, stopped and removed by our own code.

Only `binaries` knows where the server's programs come from. Nothing here opens an SQL connection:
readiness is read from `postmaster.pid`, and the first database is made in single-user mode.
"""

from __future__ import annotations

from dsvault.server.errors import ServerError
from dsvault.server.leftovers import sweep
from dsvault.server.lifecycle import EmbeddedServer
from dsvault.server.status import ServerState, ServerStatus
from dsvault.server.temporary import temporary_server

__all__ = [
    "EmbeddedServer",
    "ServerError",
    "ServerState",
    "ServerStatus",
    "sweep",
    "temporary_server",
]
