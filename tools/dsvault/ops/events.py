"""What happens during a run, as values. Operations report them; only the command line has words.

A Reporter is anything that can be called with an Event. `ignore` is one that says nothing.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Protocol, TypeAlias

from dsvault.values import Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsvault.dberrors import ServerMessage
    from dsvault.errors import DsvaultError


class Action(Enum):
    """What is done to a change; the value is the mark before its name."""

    DEPLOY = "+"
    REVERT = "-"
    VERIFY = "*"
    CHECK = "="


class Outcome(Enum):
    """How it ended; the value is the word behind the name."""

    OK = "ok"
    NOT_OK = "not ok"
    SKIPPED = "skipped"


class Idle(Enum):
    """Why there is nothing to do."""

    UP_TO_DATE = "up-to-date"
    ALREADY_THERE = "already there"
    NOTHING_DEPLOYED = "nothing deployed"
    NOTHING_SINCE = "nothing deployed since"
    NOTHING_THERE = "nothing deployed, something planned"
    NOTHING_AT_ALL = "nothing deployed, nothing planned"


class Blocked(Value):
    """Another run holds the lock; we wait."""

    destination: str
    seconds: int


class RegistryAdded(Value):
    """The registry is about to be made."""

    destination: str


class Told(Value):
    """A line that has no outcome."""

    text: str


class Started(Value):
    """A run begins. change is the one it leads to, None for all."""

    action: Action
    destination: str
    change: str | None = None
    is_dry_run: bool = False


class NothingToDo(Value):
    """A run ends before it began. change is the one that the user named."""

    action: Action
    reason: Idle
    change: str | None = None


class ChangeBegun(Value):
    """A change is being worked on. width is that of the longest name of the run."""

    action: Action
    name: str
    width: int


class ChangeDone(Value):
    """The change that was begun last is finished."""

    outcome: Outcome
    remark: str | None = None


class Noticed(Value):
    """The server sent a notice or a warning while it ran a script."""

    place: str
    message: ServerMessage


class Rows(Value):
    """A statement of a script, or psql, returned rows."""

    rows: Sequence[Sequence[str | None]]
    is_verify: bool = False


class Printed(Value):
    """A script printed a text, which has its own line ends; a warning is for standard error."""

    text: str
    is_warning: bool = False
    is_verify: bool = False


class Remark(Value):
    """Something about the change that was begun last, other than its outcome."""

    text: str


class Warned(Value):
    """Something that is not an error, and that a person should know."""

    text: str


class Retrying(Value):
    """Others were at work: the change is undone and tried again after so many seconds."""

    reason: str
    number: int
    most: int
    seconds: float


class Failed(Value):
    """An error that does not end the run at once."""

    error: DsvaultError


class RollbackBegun(Value):
    """After a failure earlier changes are reverted; to is the one that stays, None if none does."""

    to: str | None


class RepairNeeded(Value):
    """Reverting after a failure failed too."""


class Undeployed(Value):
    """These changes are planned and not deployed."""

    names: Sequence[str]


class Summary(Value):
    """The end of a verification. errors is 0 if all is well."""

    changes: int
    errors: int


class Diverged(Value):
    """What a check found: the first change that differs, all edited scripts, all other faults."""

    change: str | None
    modified: Sequence[str]
    faults: Sequence[str]


class DryRunEnded(Value):
    """All that was tried is rolled back. skipped counts changes that no transaction can hold."""

    skipped: int


Event: TypeAlias = (
    Blocked
    | Diverged
    | DryRunEnded
    | RegistryAdded
    | Started
    | NothingToDo
    | ChangeBegun
    | ChangeDone
    | Noticed
    | Retrying
    | Rows
    | Printed
    | Remark
    | Warned
    | Failed
    | RollbackBegun
    | RepairNeeded
    | Undeployed
    | Summary
    | Told
)


class Reporter(Protocol):
    """Whoever wants to know what happens."""

    def __call__(self, event: Event, /) -> None:
        """Take note of an event."""


def ignore(event: Event, /) -> None:
    """Take no note."""
