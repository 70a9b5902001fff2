"""How to deploy."""

from __future__ import annotations

from enum import Enum

from dsvault.errors import DsvaultError
from dsvault.ops.locking import LOCK_RETRIES, LOCK_SECONDS, STATEMENT_LOCK_MS
from dsvault.values import Value


class Mode(Enum):
    """What happens to earlier changes of a run when one fails."""

    ALL = "all"  # every change of the run is reverted
    TAG = "tag"  # those after the last change of the run that has a tag are reverted
    CHANGE = "change"  # they stay

    @classmethod
    def named(cls, name: str | None) -> Mode:
        """Return the mode of an option or a setting; without one that is all.

        :raises DsvaultError: there is no such mode.
        """
        try:
            return cls(name or "all")
        except ValueError:
            raise DsvaultError(f'Unknown mode "{name}"', hint="Write all, tag or change.") from None


class DeployOptions(Value):
    """How to deploy. to is what Plan.find takes; None means the end of the plan.

    lock_seconds is the longest wait for another run to end; statement_lock_ms the longest wait of a
    script's statement for a lock, 0 for ever; lock_retries how often a change that could not get
    one is tried again. With single_transaction all changes of the run are committed at once. With
    explain, which needs dry_run, what each change does to relations is looked at.
    """

    to: str | None = None
    mode: Mode = Mode.ALL
    verify: bool = False
    log_only: bool = False
    dry_run: bool = False
    explain: bool = False
    single_transaction: bool = False
    lock_seconds: int = LOCK_SECONDS
    statement_lock_ms: int = STATEMENT_LOCK_MS
    lock_retries: int = LOCK_RETRIES
