"""Work in a process of its own that is killed by SIGKILL, at a moment drawn by lot.

The process is a fork, so it starts at once; it kills itself, so that no moment depends on how soon
another process is woken. What it had in its connections is gone, as with any kill.
"""

from __future__ import annotations

import os
import signal
import threading
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

# How many sessions others have in this database: what a killed one had sent may still be done.
OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend'
    AND pid <> pg_backend_pid()"""
MOST_DELAY = 0.02  # seconds between the step that is drawn and the kill


class Steps:
    """Counts the steps of the work, and dies some moments after the one that was drawn."""

    def __init__(self, last: int, delay: float, written: int) -> None:
        self._last, self._delay, self._written = last, delay, written
        self.count = 0

    def __call__(self, *_: object) -> None:
        """Count one step, and tell the parent of it."""
        self.count += 1
        os.write(self._written, b".")
        if self.count == self._last:
            if not self._delay:
                die()
            threading.Timer(self._delay, die).start()


def die() -> None:
    """End this process as nothing else can."""
    os.kill(os.getpid(), signal.SIGKILL)


def killed(work: Callable[[Steps], object], chance: random.Random, most: int) -> int:
    """Do work in a process that dies some moments after one of its first steps; count its steps.

    Every fourth time, on average, it dies in the step itself.
    """
    last = chance.randint(1, most)
    delay = chance.choice([0.0, *(chance.random() * MOST_DELAY for _ in range(3))])
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads of others are not forked
        child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(reading)
            work(Steps(last, delay, writing))
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        steps = len(pipe.read())
    _, status = os.waitpid(child, 0)
    assert status == 0 or os.WTERMSIG(status) == signal.SIGKILL, f"it failed: {status}"
    return steps
