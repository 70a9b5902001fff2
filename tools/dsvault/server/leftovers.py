"""Temporary servers' directories: made, held while in use, and swept after a run was killed."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dsvault.server import lock
from dsvault.server.errors import ServerError
from dsvault.server.lifecycle import EmbeddedServer
from dsvault.server.profile import TEMPORARY
from dsvault.server.sharedmemory import SHM, has_room

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.server.account import Account

_ROOM_BYTES = 1024**3
_NAME = "dsvault-tmp-"
_UNBORN = ".dsvault-tmp-"  # its lock is not held yet; becomes _NAME once it is
_UNBORN_SECONDS = 600.0
_HELD = "held"
_ALWAYS = (SHM, Path("/tmp"), Path("/var/tmp"))  # noqa: S108 - mkdtemp makes our names there


@contextmanager
def temporary_home(account: Account) -> Iterator[Path]:
    """Give a new directory for a server's directory; remove it at the end.

    A lock says that it is in use. The kernel drops that with this process, and `sweep` then knows.

    :raises ServerError: no directory for temporary files can be used by account.
    """
    base = _base_for(account)
    unborn = Path(tempfile.mkdtemp(prefix=_UNBORN, dir=base))
    if account.is_other:
        unborn.chmod(0o711)
    handle = lock.try_lock(unborn / _HELD)
    home = unborn.rename(base / unborn.name.replace(_UNBORN, _NAME, 1))
    try:
        yield home / "server"
    finally:
        shutil.rmtree(home, ignore_errors=True)
        if handle is not None:
            os.close(handle)


def sweep() -> list[Path]:
    """Stop and remove the caller's temporary servers whose process is gone; return their paths."""
    return [home for base in _bases() for home in _leftovers(base) if _remove(home)]


def _bases() -> list[Path]:
    return list(dict.fromkeys((*_ALWAYS, Path(tempfile.gettempdir()))))


def _base_for(account: Account) -> Path:
    usual = Path(tempfile.gettempdir()).resolve()
    candidates = ([SHM] if has_room(SHM, _ROOM_BYTES) else []) + [usual, *_ALWAYS[1:]]
    for base in candidates:
        if base.is_dir() and os.access(base, os.W_OK) and account.can_search(base):
            return base
    raise ServerError(
        "There is no directory for temporary files that the server can use.",
        detail=", ".join(map(str, candidates)),
        hint="Set TMPDIR to a directory that everybody may enter.",
    )


def _leftovers(base: Path) -> list[Path]:
    try:
        entries = list(os.scandir(base))
    except OSError:
        return []
    return [Path(entry.path) for entry in entries if _is_leftover(entry)]


def _is_leftover(entry: os.DirEntry[str]) -> bool:
    if not entry.name.startswith((_NAME, _UNBORN)):
        return False
    try:
        found = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return False
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        return False
    return entry.name.startswith(_NAME) or found.st_mtime < time.time() - _UNBORN_SECONDS


def _remove(home: Path) -> bool:
    """Remove one leftover; leave it if its process lives."""
    try:
        handle = lock.try_lock(home / _HELD)
    except ServerError:
        return False  # it went away while we looked
    if handle is None:
        return False
    try:
        if (home / "server").is_dir():
            EmbeddedServer(home / "server", profile=TEMPORARY).discard()
        shutil.rmtree(home, ignore_errors=True)
    finally:
        os.close(handle)
    return True
