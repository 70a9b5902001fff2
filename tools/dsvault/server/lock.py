"""A lock between processes that vanishes with its holder."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dsvault.server.errors import ServerError, from_os_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_PAUSE_SECONDS = 0.02


class GoneError(ServerError):
    """The server was removed in the meantime."""


@contextmanager
def held(
    path: Path, *, prepare: Callable[[], None] | None = None, timeout_seconds: float = 120.0
) -> Iterator[None]:
    """Hold the lock of a file, which is made if need be.

    :param prepare: called before each attempt, since whoever holds the lock may remove the file's
        directory; it makes that again, or raises GoneError.
    :raises ServerError: another process holds it for longer than timeout_seconds, or the file
        cannot be opened.
    """
    deadline = time.monotonic() + timeout_seconds
    while (handle := _attempt(path, prepare)) is None:
        if time.monotonic() > deadline:
            raise ServerError(
                "Another dsvault is at work on this server.",
                detail=f"{path} has been locked for {timeout_seconds:.0f} seconds",
                hint="Wait for it, or end it.",
            )
        time.sleep(_PAUSE_SECONDS)
    try:
        yield
    finally:
        os.close(handle)


def _attempt(path: Path, prepare: Callable[[], None] | None) -> int | None:
    if prepare is None:
        return try_lock(path)
    prepare()
    try:
        return try_lock(path)
    except GoneError:
        return None


def try_lock(path: Path) -> int | None:
    """Return a descriptor that holds the lock of path until it is closed, or None if it is held.

    :raises GoneError: the file's directory is missing.
    :raises ServerError: the file cannot be opened.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except FileNotFoundError as error:
        raise GoneError(detail=f"there is no {path.parent}") from error
    except OSError as error:
        raise from_os_error(error, doing="locking the server", path=path) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # The holder before us may have removed the file: then ours has lost its name.
        if os.path.samestat(os.fstat(handle), path.stat()):
            return handle
    except OSError as error:
        if error.errno not in (errno.EAGAIN, errno.EACCES, errno.ENOENT):
            os.close(handle)
            raise from_os_error(error, doing="locking the server", path=path) from error
    os.close(handle)
    return None
