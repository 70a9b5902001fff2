"""After a run was cut off in the middle of a change: was the change committed or not?"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from dsvault.db import connect
from dsvault.dberrors import ConnectError, LostConnectionError
from dsvault.errors import DsvaultError
from dsvault.registry import Registry

if TYPE_CHECKING:
    from dsvault.db import Session

REPAIR = "Run: dsvault repair (finishes the change), or dsvault repair --undo"
_WAIT_SECONDS = 5


class Fate(Enum):
    """What became of a change."""

    RECORDED = "committed"
    GONE = "rolled back"
    UNKNOWN = "one or the other"


def fate_of(session: Session, change_id: str) -> Fate:
    """Ask the registry whether a change was committed, over a new connection if the old one broke.

    The answer counts only when the old session has let go of its lock: until then it may commit.
    """
    try:
        if session.is_open:
            session.roll_back()
            return _recorded(session, change_id)
        with connect(session.target, application_name="dsvault deploy") as fresh:
            registry = Registry(fresh)
            if not registry.try_lock() and not registry.wait_for_lock(_WAIT_SECONDS):
                return Fate.UNKNOWN
            return _recorded(fresh, change_id)
    except (ConnectError, LostConnectionError):
        return Fate.UNKNOWN


def _recorded(session: Session, change_id: str) -> Fate:
    state = Registry(session).load()
    return Fate.RECORDED if state and state.by_id(change_id) else Fate.GONE


class InterruptedRunError(DsvaultError):
    """The run was interrupted."""

    exit_code = 130


def cut_off(error: BaseException, what: str, *, is_outside: bool) -> DsvaultError:
    """Return the error for a run that was cut off; what says what became of the change at work."""
    hint = REPAIR if is_outside else "Run the same command again; what is done stays done."
    if isinstance(error, LostConnectionError):
        return LostConnectionError(f"{error.message}; {what}", detail=error.detail, hint=hint)
    return InterruptedRunError(f"Interrupted; {what}", hint=hint)
