"""Try again what failed because others were at work."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from dsvault.dberrors import LOCK_NOT_AVAILABLE
from dsvault.ops.events import Retrying
from dsvault.ops.failures import StepError

if TYPE_CHECKING:
    from collections.abc import Callable

    from dsvault.ops.events import Reporter

_LONGEST_PAUSE = 30.0  # seconds
# A lock was not granted in time, a deadlock, a transaction that could not be put in an order: the
# same change may succeed when the others are done.
_PASSING = frozenset({LOCK_NOT_AVAILABLE, "40P01", "40001"})

T = TypeVar("T")


class Patience:
    """Tries again what failed because others were at work, after pauses that double.

    retries is how often for one change; spent how often the last one was tried again.
    """

    def __init__(self, retries: int, report: Reporter) -> None:
        self._retries = retries
        self._report = report
        self.spent = 0

    def attempt(self, act: Callable[[], T]) -> T:
        """Do something that leaves nothing when it fails, as often as patience lasts.

        :raises StepError: it failed for good.
        """
        self.spent = 0
        while True:
            try:
                return act()
            except StepError as error:
                if error.sqlstate not in _PASSING or self.spent == self._retries:
                    raise
                seconds = min(2.0**self.spent, _LONGEST_PAUSE)
                self.spent += 1
                self._report(Retrying(error.message, self.spent, self._retries, seconds))
            pause(seconds)


def pause(seconds: float) -> None:
    """Wait."""
    time.sleep(seconds)
