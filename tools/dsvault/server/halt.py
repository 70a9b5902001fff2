"""Ending a server process, and removing what a server leaves on disk."""

from __future__ import annotations

import os
import shutil
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

from dsvault.server.cluster import DRAFT, remove_drafts
from dsvault.server.errors import ServerError
from dsvault.server.process import wait_until
from dsvault.server.sharedmemory import remove_orphan
from dsvault.server.status import is_postmaster, read_postmaster, recorded_postmaster

if TYPE_CHECKING:
    from pathlib import Path

    from dsvault.server.layout import Layout

_PATIENCE_SECONDS = {signal.SIGINT: 60.0, signal.SIGQUIT: 10.0, signal.SIGKILL: 10.0}


def stop(pgdata: Path, first: signal.Signals) -> bool:
    """End the server on pgdata with a signal, then with harder ones; tell whether one ran.

    SIGINT ends sessions and writes a checkpoint, SIGQUIT drops everything at once.

    :raises ServerError: it belongs to another account, or does not end.
    """
    running = read_postmaster(pgdata)
    if running is None:
        return False

    def ended() -> bool:
        return not is_postmaster(running.pid, pgdata)

    harder = list(_PATIENCE_SECONDS)
    for number in harder[harder.index(first) :]:
        try:
            os.kill(running.pid, number)
        except ProcessLookupError:
            return True
        except PermissionError as error:
            raise ServerError(
                "The server belongs to another account.", detail=f"process {running.pid}"
            ) from error
        if wait_until(ended, timeout_seconds=_PATIENCE_SECONDS[number]):
            return True
    raise ServerError(f"The server (process {running.pid}) does not end.")


def remove(layout: Layout) -> None:
    """Remove the files of a stopped server, ours alone; the directory too, if we made it.

    The marker goes last, so that what an interrupted removal leaves is still known as ours.

    :raises OSError: something cannot be removed.
    """
    if layout.pgdata.exists():
        owner = layout.pgdata.stat().st_uid
        remove_orphan(recorded_postmaster(layout.pgdata), owner)
        socket_dir = layout.socket_dir(owner)
        if socket_dir.is_dir() and not socket_dir.is_symlink():
            shutil.rmtree(socket_dir)
        # Never half a cluster under the name that start would take for a whole one.
        layout.pgdata.rename(layout.home / f"{DRAFT}removed-{os.getpid()}")
    shutil.rmtree(layout.run, ignore_errors=True)  # where pgdata was removed by hand
    remove_drafts(layout)
    made = layout.made_home()
    for file in (layout.log, layout.old_log, layout.passfile, layout.marker, layout.lock):
        file.unlink(missing_ok=True)
    if made:
        with suppress(OSError):  # files of others stay, and keep it
            layout.home.rmdir()
