"""What can go wrong around the embedded server, apart from what SQL reports."""

from __future__ import annotations

import errno

from dsvault.errors import DsvaultError


class ServerError(DsvaultError):
    """The embedded PostgreSQL server failed."""


_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
NO_SPACE_HINT = "Free some space, or choose another place with --data-dir (60 MB are needed)."
_WRITE_HINT = "Choose a directory that you can write with --data-dir."


def from_os_error(error: OSError, *, doing: str, path: object) -> ServerError:
    """Return the ServerError that explains error, which was met while doing something to path."""
    found = f"{error.strerror or error} ({path})"
    if error.errno in _NO_SPACE:
        return ServerError(f"No space left while {doing}.", detail=found, hint=NO_SPACE_HINT)
    return ServerError(f"Failed while {doing}.", detail=found, hint=_WRITE_HINT)
