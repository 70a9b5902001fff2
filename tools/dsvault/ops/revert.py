"""Revert deployed changes, the last one first.

revert(target: Target, project: Project, options: RevertOptions,
       report: Reporter = ignore, confirm: Confirm = always) -> RevertResult
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Protocol

from dsvault.db import connect
from dsvault.dberrors import LostConnectionError
from dsvault.errors import DsvaultError
from dsvault.ops.changes import ChangeRunner, Revertible
from dsvault.ops.events import (
    Action,
    ChangeBegun,
    ChangeDone,
    Failed,
    Idle,
    NothingToDo,
    Outcome,
    Started,
    Warned,
    ignore,
)
from dsvault.ops.failures import StepError
from dsvault.ops.fate import REPAIR, Fate, cut_off, fate_of
from dsvault.ops.locking import LOCK_RETRIES, LOCK_SECONDS, STATEMENT_LOCK_MS, lock_for_writing
from dsvault.ops.registered import load_state
from dsvault.sqlscript import prepare_to_read
from dsvault.values import Value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dsvault.db import Session
    from dsvault.model import DeployedChange, State
    from dsvault.ops.events import Reporter
    from dsvault.plan import Change
    from dsvault.project import Project
    from dsvault.registry import Registry
    from dsvault.sqlscript import Script
    from dsvault.target import Target


class Confirm(Protocol):
    """Whoever is asked before anything is reverted."""

    def __call__(self, names: Sequence[str], to: str | None, destination: str, /) -> bool:
        """Say whether the named changes shall be reverted; to is what stays last, None nothing."""


class Foresee(Protocol):
    """Whoever has something to do afterwards."""

    def __call__(self, state: State, /) -> None:
        """Raise an error if that cannot be done in a database in this state."""


def always(names: Sequence[str], to: str | None, destination: str, /) -> bool:  # noqa: ARG001
    """Agree."""
    return True


class RevertOptions(Value):
    """What to revert. to is the change that stays as the last one; None reverts everything.

    With modified it is the one before the first whose deploy script was edited, and to is ignored.
    foresee is called before anything runs, with the state that will be reached.
    """

    to: str | None = None
    modified: bool = False
    log_only: bool = False
    lock_seconds: int = LOCK_SECONDS
    statement_lock_ms: int = STATEMENT_LOCK_MS
    lock_retries: int = LOCK_RETRIES
    foresee: Foresee | None = None


class RevertResult(Value):
    """The names, with tags, of the changes that were reverted, in that order."""

    target: str
    project: str
    reverted: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Return the result as one JSON object."""
        return {
            "target": self.target,
            "project": self.project,
            "reverted": list(self.reverted),
        }


class RevertError(DsvaultError):
    """Revert failed. cause is what failed; what was reverted before stays so."""

    def __init__(self, cause: DsvaultError, result: RevertResult) -> None:
        self.cause = cause
        self.result = result
        super().__init__("Revert failed")

    def lines(self) -> list[str]:
        """Return nothing: the report of the cause was the last word, as Sqitch has it."""
        return []


class NotConfirmedError(DsvaultError):
    """Nothing reverted"""

    exit_code = 1


def revert(
    target: Target,
    project: Project,
    options: RevertOptions,
    report: Reporter = ignore,
    confirm: Confirm | None = None,
) -> RevertResult:
    """Revert what was deployed after options.to, the last change first.

    Everything that would stop it is found before confirm is asked and before anything runs.

    :raises NotConfirmedError: confirm said no.
    :raises RevertError: a change could not be reverted; it and those before it are still deployed.
    :raises DsvaultError: the change is unknown or not deployed, another change needs one of those
        to be reverted, a revert script is missing or cannot be run, the database cannot be reached.
    """
    prepare_to_read()
    with connect(target, application_name="dsvault revert") as session:
        changes = ChangeRunner(
            session,
            project,
            report,
            statement_lock_ms=options.statement_lock_ms,
            lock_retries=options.lock_retries,
        )
        lock_for_writing(session, changes.registry, options.lock_seconds, report)
        changes.intents.refuse_left_over()
        state = load_state(changes.registry, target.display)
        to = options.to
        if options.modified:
            stays = _last_unmodified(state, project)
            to = stays.id if stays else None
        else:
            stays = _stays(state, project, to)
        chosen = _deployed_since(state, project, stays)
        if not chosen:
            reason = Idle.NOTHING_SINCE if to else Idle.NOTHING_DEPLOYED
            report(NothingToDo(Action.REVERT, reason, to))
            return RevertResult(target.display, project.name, ())
        check_requirements(changes.registry, state, project, chosen)
        items = _read_scripts(state, project, chosen, log_only=options.log_only)
        if options.foresee is not None:
            options.foresee(_without(state, chosen))
        label = stays.format_name_with_tags() if stays else None
        if confirm is None:
            report(Started(Action.REVERT, target.display, label))
        elif not confirm([item.label for item in items], label, target.display):
            raise NotConfirmedError
        return _revert_all(session, project, changes, items, report)


def revert_one(changes: ChangeRunner, item: Revertible, width: int, report: Reporter) -> None:
    """Revert one change and report how it went.

    :raises StepError: it failed.
    :raises LostConnectionError: the connection broke.
    """
    report(ChangeBegun(Action.REVERT, item.label, width))
    try:
        changes.revert(item)
    except (StepError, LostConnectionError):
        report(ChangeDone(Outcome.NOT_OK))
        raise
    report(ChangeDone(Outcome.OK))


def report_left_over(changes: ChangeRunner, report: Reporter) -> None:
    """Say what stays of a change whose script failed outside of a transaction."""
    if changes.left_over is not None:
        report(Warned(f"{changes.left_over.story()}. {REPAIR}"))


def revertible(project: Project, change: Change, *, log_only: bool) -> Revertible:
    """Return a planned change ready to be reverted.

    :raises DsvaultError: its revert script is missing or cannot be run.
    """
    script = None if log_only else _required(project, project.path(change, "revert"))
    return Revertible(change.id, change.name, change.format_name_with_tags(), script)


def _stays(state: State, project: Project, to: str | None) -> DeployedChange | None:
    """Return the change that shall be the last one.

    :raises DsvaultError: there is no such change, or it is not deployed.
    """
    if to is None:
        return None
    found = state.find(to, project.name, project.plan)
    if found is None:
        # Sqitch tells these two apart.
        project.plan.find(to)
        raise DsvaultError(
            f'Change not deployed: "{to}"', hint="dsvault status --show-changes lists them."
        )
    return found


def _last_unmodified(state: State, project: Project) -> DeployedChange | None:
    """Return the last change before the first whose deploy script is not the plan's any more."""
    from dsvault.ops.check import divergence  # noqa: PLC0415 - only --modified needs it

    deployed = state.changes_of(project.name)
    index = divergence(project, deployed, 0)
    kept = deployed if index is None else deployed[:index]
    return kept[-1] if kept else None


def _deployed_since(
    state: State, project: Project, stays: DeployedChange | None
) -> list[DeployedChange]:
    """Return what was deployed after a change, the last one first."""
    return [
        change
        for change in reversed(state.changes_of(project.name))
        if stays is None or change.committed_at > stays.committed_at
    ]


def _without(state: State, gone: Sequence[DeployedChange]) -> State:
    """Return a state in which some changes are reverted."""
    ids = {change.id for change in gone}
    return state.but(
        changes=[change for change in state.changes if change.id not in ids],
        tags=[tag for tag in state.tags if tag.change_id not in ids],
    )


def check_requirements(
    registry: Registry, state: State, project: Project, chosen: Sequence[DeployedChange]
) -> None:
    """Refuse to revert what a change that stays requires, be it of another project."""
    going = {change.id for change in chosen}
    lines = []
    requiring: dict[str, list[str]] = {}
    for item in registry.requirements():
        requiring.setdefault(item.dependency_id, []).append(item.change_id)
    for change in chosen:
        ids = requiring.get(change.id, [])
        staying = [state.by_id(change_id) for change_id in ids if change_id not in going]
        names = [_as_of(state, project, other) for other in staying if other is not None]
        if names:
            plural = "s" if len(names) > 1 else ""
            lines.append(
                f'Change "{change.format_name_with_tags()}" required by '
                f"currently deployed change{plural}: {' '.join(names)}"
            )
    if lines:
        raise DsvaultError("\n".join(lines), hint="Revert what requires it first.")


def _as_of(state: State, project: Project, change: DeployedChange) -> str:
    prefix = "" if change.project == project.name else f"{change.project}:"
    return prefix + state.tag_qualified_name(change).removesuffix("@HEAD")


def _read_scripts(
    state: State, project: Project, chosen: Sequence[DeployedChange], *, log_only: bool
) -> list[Revertible]:
    """Return the changes ready to be reverted.

    :raises DsvaultError: a script is missing, cannot be run, or cannot be told.
    """
    items = []
    for change in chosen:
        label = change.format_name_with_tags()
        script = None if log_only else _script(state, project, change)
        items.append(Revertible(change.id, change.name, label, script))
    return items


def _script(state: State, project: Project, change: DeployedChange) -> Script:
    """Return the revert script of a deployed change, also if its line in the plan was edited."""
    if project.plan.by_id(change.id) is None:
        namesakes = [other for other in project.plan.changes if other.name == change.name]
        instances = [other for other in state.changes_of(project.name) if other.name == change.name]
        if len(namesakes) > 1 or len(instances) > 1:
            raise DsvaultError(
                f"Cannot find change {change.id} ({change.format_name_with_tags()}) "
                f"in {project.plan.path}",
                detail="It is reworked, so there is no telling which script reverts it.",
                hint="Restore its line in the plan, or use --log-only.",
            )
    return _required(project, project.path_of_deployed(change, "revert"))


def _required(project: Project, path: Path) -> Script:
    script = project.script_at(path, "revert")
    if script is None:
        raise DsvaultError(
            f"Revert script {project.shown(path)} does not exist",
            hint="Write it, or remove the change from the registry alone by --log-only.",
        )
    return script


def _revert_all(
    session: Session,
    project: Project,
    changes: ChangeRunner,
    items: Sequence[Revertible],
    report: Reporter,
) -> RevertResult:
    destination = session.target.display
    width = max(len(item.label) for item in items)
    done: list[str] = []
    with closing(changes.convoy_back(items)) as convoy:
        for place, item in enumerate(items):
            report(ChangeBegun(Action.REVERT, item.label, width))
            try:
                changes.revert(item, convoy.arrival(place))
            except StepError as error:
                report(ChangeDone(Outcome.NOT_OK))
                report(Failed(error))
                report_left_over(changes, report)
                result = RevertResult(destination, project.name, tuple(done))
                raise RevertError(error, result) from None
            except (LostConnectionError, KeyboardInterrupt) as error:
                stopped = _Stopped(session, report, width, is_outside=changes.is_outside)
                raise stopped.error(item, convoy.behind(place), error) from None
            report(ChangeDone(Outcome.OK))
            done.append(item.label)
    return RevertResult(destination, project.name, tuple(done))


class _Stopped:
    """What became of changes whose revert was cut off."""

    def __init__(self, session: Session, report: Reporter, width: int, *, is_outside: bool) -> None:
        self._session = session
        self._report = report
        self._width = width
        self._is_outside = is_outside

    def error(
        self, item: Revertible, behind: Sequence[Revertible], error: BaseException
    ) -> DsvaultError:
        """Return the error that tells of the change at work.

        behind are those that had been sent too; it is the first that is not reverted.
        """
        fate = fate_of(self._session, item.id)
        for other in behind:
            if fate is not Fate.GONE:
                break
            self._report(ChangeDone(Outcome.OK))
            self._report(ChangeBegun(Action.REVERT, other.label, self._width))
            item, fate = other, fate_of(self._session, other.id)
        self._report(ChangeDone(Outcome.OK if fate is Fate.GONE else Outcome.NOT_OK))
        return cut_off(error, self._words(item.label, fate), is_outside=self._is_outside)

    def _words(self, name: str, fate: Fate) -> str:
        if fate is Fate.GONE:
            return f'"{name}" is reverted'
        if self._is_outside:
            return f'"{name}" is reverted outside of a transaction, so parts of it may be gone'
        if fate is Fate.RECORDED:
            return f'"{name}" is still deployed'
        return f'"{name}" is reverted whole or not at all'
