"""What becomes of a run of deploy after a change failed or was cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from dsvault.errors import DsvaultError
from dsvault.ops.deploy.options import DeployOptions, Mode
from dsvault.ops.events import (
    Action,
    ChangeBegun,
    ChangeDone,
    Failed,
    Outcome,
    RepairNeeded,
    RollbackBegun,
)
from dsvault.ops.fate import Fate, cut_off, fate_of
from dsvault.ops.revert import report_left_over, revert_one, revertible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsvault.db import Session
    from dsvault.ops.changes import ChangeRunner
    from dsvault.ops.deploy.result import DeployedNow
    from dsvault.ops.events import Reporter
    from dsvault.ops.preflight import Prepared
    from dsvault.plan import Change
    from dsvault.project import Project

    Done: TypeAlias = tuple[Change, DeployedNow]


class Aftermath:
    """What to do, and what to say."""

    def __init__(
        self,
        session: Session,
        project: Project,
        options: DeployOptions,
        changes: ChangeRunner,
        report: Reporter,
    ) -> None:
        self._session = session
        self._project = project
        self._options = options
        self._changes = changes
        self._report = report

    def roll_back(self, done: list[Done], start: Change | None, width: int) -> None:
        """Revert what this run deployed, back to its start or to its last tagged change.

        What is reverted is removed from done. start is what was deployed last before the run.
        """
        kept = self._number_kept(done)
        undone = done[kept:]
        if not undone:
            return
        last = done[kept - 1][0] if kept else None
        self._report(RollbackBegun(last.format_name_with_tags() if last else _label(start)))
        try:
            for change, _ in reversed(undone):
                item = revertible(self._project, change, log_only=self._options.log_only)
                revert_one(self._changes, item, width, self._report)
                done.pop()
        except DsvaultError as error:
            self._report(Failed(error))
            report_left_over(self._changes, self._report)
            self._report(RepairNeeded())

    def _number_kept(self, done: list[Done]) -> int:
        """Return how many of this run's changes stay after a failure."""
        match self._options.mode:
            case Mode.CHANGE:
                return len(done)
            case Mode.TAG:
                tagged = [number for number, (change, _) in enumerate(done, 1) if change.tags]
                return tagged[-1] if tagged else 0
            case Mode.ALL:
                return 0

    def stopped(
        self, item: Prepared, error: BaseException, behind: Sequence[Prepared], width: int
    ) -> DsvaultError:
        """Find out what became of a change that was cut off, and return the error that says it.

        behind are those that had been sent too; the first that is not deployed is told of.
        """
        fate = self._fate(item)
        for other in behind:
            if fate is not Fate.RECORDED:
                break
            self._report(ChangeDone(Outcome.OK))
            self._report(ChangeBegun(Action.DEPLOY, other.change.format_name_with_tags(), width))
            item, fate = other, self._fate(other)
        name = item.change.name
        self._report(ChangeDone(Outcome.OK if fate is Fate.RECORDED else Outcome.NOT_OK))
        if fate is Fate.RECORDED:
            what = f'"{name}" is deployed'
        elif self._changes.is_outside:
            what = f'"{name}" runs outside of a transaction, so parts of it may stay'
        elif fate is Fate.GONE:
            what = f'nothing of "{name}" stays'
        else:
            what = f'"{name}" is deployed whole or not at all'
        is_cut = self._changes.is_outside and fate is not Fate.RECORDED
        return cut_off(error, what, is_outside=is_cut)

    def _fate(self, item: Prepared) -> Fate:
        return Fate.GONE if self._options.dry_run else fate_of(self._session, item.change.id)

    def stopped_at_once(self, last: Prepared, error: BaseException) -> DsvaultError:
        """Find out what became of a run that was cut off, and return the error that says it."""
        fate = fate_of(self._session, last.change.id)
        what = {
            Fate.RECORDED: "all changes of this run are deployed",
            Fate.GONE: "nothing of this run stays",
            Fate.UNKNOWN: "the changes of this run are deployed all of them or none",
        }
        return cut_off(error, what[fate], is_outside=False)


def _label(start: Change | None) -> str | None:
    """Return the name, with the last tag, of what was deployed before a run."""
    if start is None:
        return None
    return "".join([start.name, *map(str, start.tags[-1:])])
