"""Signals as a program of a terminal gets them, also where the suite runs in the background.

There nohup, or a shell, lets programs ignore SIGHUP or SIGINT, and whatever they start as well; but
tests send these signals to what they start.
"""

from __future__ import annotations

import signal


def pytest_configure() -> None:
    """Ignore by a function what was ignored: programs that are started do not inherit that."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, _ignore)


def _ignore(*_: object) -> None:
    """Do nothing."""
