"""What can go wrong around the embedded server, apart from what SQL reports."""

from __future__ import annotations

import errno

from dsvault.errors import DsvaultError


class ServerError(DsvaultError):
    """The embedded PostgreSQL server failed."""


_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
BY = "by DSVAULT_DATA_DIR, or by --data-dir of `dsvault server`"
NO_SPACE_HINT = f"Free some space (60 MB are needed), or name another place {BY}."
_WRITE_HINT = f"Name a directory that you can write {BY}."


def from_os_error(error: OSError, *, doing: str, path: object) -> ServerError:
    """Return the ServerError that explains error, which was met while doing something to path."""
    found = f"{error.strerror or error} ({path})"
    if error.errno in _NO_SPACE:
        return ServerError(f"No space left while {doing}.", detail=found, hint=NO_SPACE_HINT)
    return ServerError(f"Failed while {doing}.", detail=found, hint=_WRITE_HINT)
