"""Before anything is written: the server takes writes, and no other run is at work."""

from __future__ import annotations

from time import sleep
from typing import TYPE_CHECKING

from dsvault.errors import DsvaultError
from dsvault.ops.events import Blocked

if TYPE_CHECKING:
    from dsvault.db import Session
    from dsvault.ops.events import Reporter
    from dsvault.registry import Registry

LOCK_SECONDS = 60
STATEMENT_LOCK_MS = 2000
LOCK_RETRIES = 3
# A run that has just ended holds its lock until the server has noticed that it is gone.
_MOMENTS = (0.0, 0.05, 0.2)  # seconds to pause before each look


class BlockedError(DsvaultError):
    """Another run works on the same database."""


def lock_for_writing(session: Session, registry: Registry, seconds: int, report: Reporter) -> None:
    """Take the lock that this toolkit and Sqitch share; it is held until the session ends.

    :raises BlockedError: another run held it for all of the seconds.
    :raises DsvaultError: the server is a standby.
    """
    destination = session.target.display
    if session.is_standby:
        raise DsvaultError(
            f"{destination} is a standby, which cannot be changed",
            hint="Name the primary server in the target.",
        )
    for pause in _MOMENTS:
        sleep(pause)
        if registry.try_lock():
            return
    report(Blocked(destination, seconds))
    if not registry.wait_for_lock(seconds):
        raise BlockedError(
            f"Timed out waiting {seconds} seconds for another instance of Sqitch "
            f"to finish work on {destination}",
            hint="Wait for it to end, or wait longer with --lock-timeout.",
        )
