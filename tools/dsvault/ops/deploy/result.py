"""What a run of deploy did, or why it failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.errors import DsvaultError
from dsvault.values import Value

if TYPE_CHECKING:
    from dsvault.ops.events import Outcome
    from dsvault.ops.watch import Seen


class DeployedNow(Value):
    """A change that this run deployed, or tried, and how long that took.

    lock_retries is how often it was tried again because others held locks; seen what it does to
    relations, if that was asked.
    """

    id: str
    name: str
    tags: tuple[str, ...]
    outcome: Outcome
    seconds: float
    lock_retries: int = 0
    seen: Seen | None = None

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {
            "id": self.id,
            "name": self.name,
            "tags": list(self.tags),
            "outcome": self.outcome.value,
            "seconds": round(self.seconds, 3),
            "lock_retries": self.lock_retries,
            **(self.seen.as_json() if self.seen else {}),
        }


class DeployResult(Value):
    """What a run did. changes are those that are deployed now, or in a dry run those tried."""

    target: str
    project: str
    is_dry_run: bool
    changes: tuple[DeployedNow, ...]

    def as_json(self) -> dict[str, object]:
        """Return the result as one JSON object."""
        return {
            "target": self.target,
            "project": self.project,
            "dry_run": self.is_dry_run,
            "changes": [change.as_json() for change in self.changes],
        }


class DeployError(DsvaultError):
    """Deploy failed. cause is what failed, result what this run deployed and left deployed.

    is_told says that the report of the cause was the last word, as Sqitch has it where a script
    failed and nothing is reverted.
    """

    def __init__(self, cause: DsvaultError, result: DeployResult, *, is_told: bool = False) -> None:
        self.cause = cause
        self.result = result
        self._is_told = is_told
        super().__init__("Deploy failed")

    def lines(self) -> list[str]:
        """Return the report as lines."""
        return [] if self._is_told else super().lines()
