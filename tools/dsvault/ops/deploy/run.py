"""One run of deploy, from the lock to the last change: one by one, at once, or rolled back."""

from __future__ import annotations

from contextlib import closing
from time import monotonic
from typing import TYPE_CHECKING, NoReturn

from dsvault.dberrors import LostConnectionError
from dsvault.model import State
from dsvault.ops import steps
from dsvault.ops.changes import ChangeRunner
from dsvault.ops.deploy.aftermath import Aftermath
from dsvault.ops.deploy.options import DeployOptions, Mode
from dsvault.ops.deploy.pending import needed_kinds, pending_changes
from dsvault.ops.deploy.registry import RunRegistry
from dsvault.ops.deploy.result import DeployedNow, DeployError, DeployResult
from dsvault.ops.events import (
    Action,
    ChangeBegun,
    ChangeDone,
    DryRunEnded,
    Failed,
    Idle,
    NothingToDo,
    Outcome,
    Started,
    Warned,
)
from dsvault.ops.failures import StepError
from dsvault.ops.locking import lock_for_writing
from dsvault.ops.patience import Patience
from dsvault.ops.preflight import (
    Prepared,
    check_state,
    line_end_warnings,
    prepare,
    refuse_outside,
)
from dsvault.ops.revert import report_left_over
from dsvault.ops.running import transaction
from dsvault.registry import VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsvault.db import Session
    from dsvault.ops.convoy import Convoy
    from dsvault.ops.events import Reporter
    from dsvault.ops.watch import Watch
    from dsvault.plan import Change
    from dsvault.project import Project
    from dsvault.scripts import Kind


class Deployment:
    """One run of deploy, from the lock to the last change."""

    def __init__(
        self, session: Session, project: Project, options: DeployOptions, report: Reporter
    ) -> None:
        self._session = session
        self._project = project
        self._options = options
        self._report = report
        self._changes = ChangeRunner(
            session,
            project,
            report,
            statement_lock_ms=options.statement_lock_ms,
            lock_retries=options.lock_retries,
        )
        self._registry = self._changes.registry
        self._books = RunRegistry(
            session, project, self._changes, report, is_dry_run=options.dry_run
        )
        self._aftermath = Aftermath(session, project, options, self._changes, report)
        self._start: Change | None = None  # the last change that was deployed before this run
        self._at_work: Change | None = None
        self._watch: Watch | None = None
        self._convoy: Convoy[Prepared] | None = None
        self._width = 0
        self._done: list[tuple[Change, DeployedNow]] = []

    def run(self) -> DeployResult:
        """Deploy what is pending; everything that would stop it is found before anything runs."""
        lock_for_writing(self._session, self._registry, self._options.lock_seconds, self._report)
        self._changes.intents.refuse_left_over()
        found = self._books.load()
        state = found or State(VERSION, {})
        check_state(self._project, state)
        state = self._books.with_real_hashes(state)
        pending = self._pending(state)
        prepared = prepare(self._project, state, pending, needed_kinds(self._options))
        for warning in line_end_warnings(prepared):
            self._report(Warned(warning))
        if self._options.dry_run:
            self._try_all(prepared, found)
        elif self._options.single_transaction:
            refuse_outside(prepared)
            self._books.record_new_tags(state, self._start)
            self._deploy_at_once(prepared, found)
        else:
            self._books.record_new_tags(state, self._start)
            self._deploy_all(prepared, found)
        return self._result()

    def _pending(self, state: State) -> list[Change]:
        """Return the changes that are to be deployed; say so if there are none."""
        to = self._options.to
        pending = pending_changes(self._project, state, to)
        current = state.current(self._project.name)
        self._start = self._project.plan.by_id(current.id) if current else None
        if not pending:
            reason = Idle.UP_TO_DATE if to is None else Idle.ALREADY_THERE
            self._report(NothingToDo(Action.DEPLOY, reason, to))
        return pending

    def _announce(self, prepared: Sequence[Prepared]) -> None:
        names = [item.change.format_name_with_tags() for item in prepared]
        self._width = max(map(len, names))
        through = names[-1] if self._options.to is not None else None
        destination = self._session.target.display
        self._report(Started(Action.DEPLOY, destination, through, is_dry_run=self._options.dry_run))

    def _deploy_all(self, prepared: Sequence[Prepared], state: State | None) -> None:
        if not prepared:
            return
        registration = self._books.registration(state)
        if registration:
            self._changes.runner.run(transaction(registration))
        if not self._options.log_only and self._options.mode is not Mode.CHANGE:
            for item in prepared:
                if not self._project.path(item.change, "revert").is_file():
                    self._warn_of_missing(item.change, "revert")
        self._announce(prepared)
        with closing(self._changes.convoy(prepared)) as self._convoy:
            for place, item in enumerate(prepared):
                try:
                    self._deploy(item, place)
                except StepError as error:
                    self._end_after_failure(item.change, error)

    def _try_all(self, prepared: Sequence[Prepared], state: State | None) -> None:
        """Do everything in one transaction, and roll it back."""
        if not prepared:
            return
        runner = self._changes.runner
        runner.run(
            [steps.BEGIN, *self._books.registration(state), steps.Step(self._registry.table_lock())]
        )
        if self._options.explain:
            from dsvault.ops.watch import Watch  # noqa: PLC0415 - nothing else needs it

            self._watch = Watch(self._session)
        self._announce(prepared)
        try:
            for item in prepared:
                self._deploy(item)
        except StepError as error:
            raise DeployError(error, self._result()) from None
        finally:
            runner.clean()
            self._report(DryRunEnded(sum(now.outcome is Outcome.SKIPPED for _, now in self._done)))

    def _deploy_at_once(self, prepared: Sequence[Prepared], state: State | None) -> None:
        """Deploy everything in one transaction, which is tried again if others hold its locks."""
        if not prepared:
            return
        runner = self._changes.runner
        registration = self._books.registration(state)
        self._announce(prepared)
        whole = Patience(self._options.lock_retries, self._report)

        def once() -> None:
            self._done.clear()
            lock = steps.Step(self._registry.table_lock())
            try:
                runner.run([steps.BEGIN, *registration, lock])
                for item in prepared:
                    self._deploy(item)
                runner.run([steps.COMMIT])
            except StepError:
                runner.clean()
                self._done.clear()
                raise

        try:
            whole.attempt(once)
        except StepError as error:
            self._report(Warned("Nothing of this run stays: it was one transaction"))
            if state is not None and self._project.name in state.projects and self._at_work:
                self._changes.record_failure(self._at_work)
            raise DeployError(error, self._result()) from None
        except (LostConnectionError, KeyboardInterrupt) as error:
            self._done.clear()
            raise self._aftermath.stopped_at_once(prepared[-1], error) from None

    def _deploy(self, item: Prepared, place: int = 0) -> None:
        """Deploy or try one change, which is at a place of the run; report how it went."""
        change = self._at_work = item.change
        self._report(ChangeBegun(Action.DEPLOY, change.format_name_with_tags(), self._width))
        began = monotonic()
        try:
            outcome = self._act(item, place)
        except StepError as error:
            self._report(ChangeDone(Outcome.NOT_OK))
            self._report(Failed(error))
            if error.failed_verify:
                self._report(Warned(f'Verify script "{error.failed_verify}" failed.'))
            raise
        except (LostConnectionError, KeyboardInterrupt) as error:
            if self._options.single_transaction and not self._options.dry_run:
                self._report(ChangeDone(Outcome.NOT_OK))
                raise
            behind = self._convoy.behind(place) if self._convoy else ()
            raise self._aftermath.stopped(item, error, behind, self._width) from None
        self._report(ChangeDone(outcome))
        if self._options.verify and item.verify is None:
            self._warn_of_missing(change, "verify")
        tags = tuple(map(str, change.tags))
        seconds, retries = monotonic() - began, self._changes.patience.spent
        seen = self._watch.look() if self._watch else None
        now = DeployedNow(change.id, change.name, tags, outcome, seconds, retries, seen)
        self._done.append((change, now))

    def _act(self, item: Prepared, place: int) -> Outcome:
        if self._options.dry_run:
            return self._changes.attempt(item)
        if self._options.single_transaction:
            return self._changes.deploy_within(item)
        arrival = self._convoy.arrival(place) if self._convoy else None
        return self._changes.deploy(item, arrival)

    def _warn_of_missing(self, change: Change, kind: Kind) -> None:
        path = self._project.shown(self._project.path(change, kind))
        self._report(Warned(f"{kind.capitalize()} script {path} does not exist"))

    def _end_after_failure(self, change: Change, error: StepError) -> NoReturn:
        """Record the failure, undo earlier changes as the mode says, and raise."""
        try:
            self._changes.record_failure(change)
        except (StepError, LostConnectionError) as second:
            self._report(Failed(second))
        report_left_over(self._changes, self._report)
        if self._changes.left_over is None:
            self._aftermath.roll_back(self._done, self._start, self._width)
        is_told = self._options.mode is Mode.CHANGE and error.failed_verify is None
        raise DeployError(error, self._result(), is_told=is_told)

    def _result(self) -> DeployResult:
        return DeployResult(
            self._session.target.display,
            self._project.name,
            self._options.dry_run,
            tuple(now for _, now in self._done),
        )
