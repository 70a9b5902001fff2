"""Deploy planned changes: script, verification and registry rows of each in one transaction.

    deploy(target: Target, project: Project, options: DeployOptions = DeployOptions(),
           report: Reporter = ignore) -> DeployResult

`target` comes from dsvault.target.parse_target(uri), `project` from dsvault.project.open_project().
The function opens a connection of its own and closes it. So a demo, or a test's template database,
needs one line:

    deploy(parse_target(uri), open_project(), DeployOptions(verify=True))
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from dsvault.db import connect
from dsvault.dberrors import LostConnectionError
from dsvault.errors import DsvaultError
from dsvault.model import State
from dsvault.ops import steps
from dsvault.ops.changes import ChangeRunner
from dsvault.ops.events import (
    Action,
    ChangeBegun,
    ChangeDone,
    DryRunEnded,
    Failed,
    Idle,
    NothingToDo,
    Outcome,
    RegistryAdded,
    RepairNeeded,
    RollbackBegun,
    Started,
    Warned,
    ignore,
)
from dsvault.ops.failures import StepError
from dsvault.ops.fate import Fate, cut_off, fate_of
from dsvault.ops.locking import (
    LOCK_RETRIES,
    LOCK_SECONDS,
    STATEMENT_LOCK_MS,
    lock_for_writing,
)
from dsvault.ops.patience import Patience
from dsvault.ops.preflight import (
    Prepared,
    check_state,
    line_end_warnings,
    prepare,
    refuse_outside,
)
from dsvault.ops.revert import report_left_over, revert_one, revertible
from dsvault.ops.running import transaction
from dsvault.ops.upgrade import bring_up, real_hashes
from dsvault.registry import VERSION, OldRegistryError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsvault.db import Session
    from dsvault.ops.events import Reporter
    from dsvault.ops.watch import Seen, Watch
    from dsvault.plan import Change
    from dsvault.project import Project
    from dsvault.scripts import Kind
    from dsvault.target import Target

_APPLICATION = "dsvault deploy"


class Mode(Enum):
    """What happens to earlier changes of a run when one fails."""

    ALL = "all"  # every change of the run is reverted
    TAG = "tag"  # those after the last change of the run that has a tag are reverted
    CHANGE = "change"  # they stay


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployOptions:
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


class DeployedNow(NamedTuple):
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


class DeployResult(NamedTuple):
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


def deploy(
    target: Target,
    project: Project,
    options: DeployOptions = DeployOptions(),
    report: Reporter = ignore,
) -> DeployResult:
    """Deploy the planned changes that are not deployed yet, in the plan's order.

    :raises PreflightError: something would fail, so nothing was done.
    :raises DeployError: a change failed and left no trace; earlier ones go or stay as mode says.
    :raises InterruptedRunError: the user interrupted; earlier changes stay.
    :raises LostConnectionError: the connection broke; earlier changes stay.
    :raises ConnectError: the database cannot be reached.
    :raises RegistryError: the registry has another version.
    :raises UnknownChange: the plan has no change as options.to says.
    """
    with connect(target, application_name=_APPLICATION) as session:
        return _Deployment(session, project, options, report).run()


def foresee(project: Project, options: DeployOptions, state: State) -> None:
    """Do nothing if a deployment to a database in that state could begin.

    :raises DsvaultError: it could not, for what deploy says.
    """
    check_state(project, state)
    prepare(project, state, _pending(project, state, options.to), _kinds(options))


def _pending(project: Project, state: State, to: str | None) -> list[Change]:
    """Return the changes from the last deployed one, without it, to the wanted one."""
    plan = project.plan
    if not plan.changes:
        raise DsvaultError("Nothing to deploy (empty plan)")
    current = state.current(project.name)
    start = plan.by_id(current.id) if current else None
    position = start.index if start else -1
    wanted = len(plan.changes) - 1 if to is None else plan.find(to).index
    if wanted < position:
        raise DsvaultError(
            'Cannot deploy to an earlier change; use "revert" instead',
            hint=f"Run: dsvault revert --to {to}",
        )
    return list(plan.changes[position + 1 : wanted + 1])


def _kinds(options: DeployOptions) -> frozenset[Kind]:
    """Return which scripts may be needed."""
    kinds: set[Kind] = {"verify"} if options.verify else set()
    if not options.log_only:
        kinds |= {"deploy"} if options.mode is Mode.CHANGE else {"deploy", "revert"}
    return frozenset(kinds)


class _Deployment:
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
        self._start: Change | None = None  # the last change that was deployed before this run
        self._at_work: Change | None = None
        self._watch: Watch | None = None
        self._width = 0
        self._done: list[tuple[Change, DeployedNow]] = []

    def run(self) -> DeployResult:
        lock_for_writing(self._session, self._registry, self._options.lock_seconds, self._report)
        self._changes.intents.refuse_left_over()
        found = self._load()
        state = found or State(VERSION, {})
        check_state(self._project, state)
        state = self._with_real_hashes(state)
        pending = self._pending(state)
        prepared = prepare(self._project, state, pending, _kinds(self._options))
        for warning in line_end_warnings(prepared):
            self._report(Warned(warning))
        if self._options.dry_run:
            self._try_all(prepared, found)
        elif self._options.single_transaction:
            refuse_outside(prepared)
            self._record_new_tags(state)
            self._deploy_at_once(prepared, found)
        else:
            self._record_new_tags(state)
            self._deploy_all(prepared, found)
        return self._result()

    def _load(self) -> State | None:
        """Return what is deployed. A registry without hashes is brought up first, as by Sqitch."""
        try:
            return self._registry.load("1")  # 1.0 as a real number
        except OldRegistryError as error:
            if self._options.dry_run:
                raise
            self._bring_up(error.version)
            return self._registry.load()

    def _bring_up(self, version: str) -> None:
        upgrades = self._registry.upgrades(version, self._project.person)
        bring_up(self._changes.runner, upgrades, version)

    def _with_real_hashes(self, state: State) -> State:
        """Let changes have the hashes of their scripts where IDs stand in for them."""
        last = state.current(self._project.name)
        if last is None or last.script_hash != last.id or self._options.dry_run:
            return state
        query = real_hashes(self._registry, self._project)
        self._changes.runner.run([steps.Step(query)])
        return self._registry.load(state.version) or state

    def _pending(self, state: State) -> list[Change]:
        """Return the changes that are to be deployed; say so if there are none."""
        to = self._options.to
        pending = _pending(self._project, state, to)
        current = state.current(self._project.name)
        self._start = self._project.plan.by_id(current.id) if current else None
        if not pending:
            reason = Idle.UP_TO_DATE if to is None else Idle.ALREADY_THERE
            self._report(NothingToDo(Action.DEPLOY, reason, to))
        return pending

    def _record_new_tags(self, state: State) -> None:
        """Record tags that the last deployed change was given after it was deployed."""
        recorded = {tag.id for tag in state.tags}
        if self._start and any(tag.id not in recorded for tag in self._start.tags):
            payload = self._changes.payload(self._start)
            self._changes.runner.run([steps.Step(self._registry.record_tags(payload))])

    def _registration(self, state: State | None) -> list[steps.Step]:
        """Return the statements that make the registry and register the project, if needed."""
        queries = []
        if state is None:
            self._report(RegistryAdded(self._session.target.display))
            queries += self._registry.creation(self._project.person)
        elif state.version != VERSION and self._options.dry_run:
            upgrades = self._registry.upgrades(state.version, self._project.person)
            queries += [query for _, part in upgrades for query in part]
        elif state.version != VERSION:
            self._bring_up(state.version)
        if state is None or self._project.name not in state.projects:
            queries.append(self._registry.project_row(self._project.plan, self._project.person))
        return [steps.Step(query) for query in queries]

    def _announce(self, prepared: Sequence[Prepared]) -> None:
        names = [item.change.format_name_with_tags() for item in prepared]
        self._width = max(map(len, names))
        through = names[-1] if self._options.to is not None else None
        destination = self._session.target.display
        self._report(Started(Action.DEPLOY, destination, through, is_dry_run=self._options.dry_run))

    def _deploy_all(self, prepared: Sequence[Prepared], state: State | None) -> None:
        if not prepared:
            return
        registration = self._registration(state)
        if registration:
            self._changes.runner.run(transaction(registration))
        if not self._options.log_only and self._options.mode is not Mode.CHANGE:
            for item in prepared:
                if not self._project.path(item.change, "revert").is_file():
                    self._warn_of_missing(item.change, "revert")
        self._announce(prepared)
        for item in prepared:
            try:
                self._deploy(item)
            except StepError as error:
                self._end_after_failure(item.change, error)

    def _try_all(self, prepared: Sequence[Prepared], state: State | None) -> None:
        """Do everything in one transaction, and roll it back."""
        if not prepared:
            return
        runner = self._changes.runner
        runner.run(
            [steps.BEGIN, *self._registration(state), steps.Step(self._registry.table_lock())]
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
        registration = self._registration(state)
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
            raise self._stopped_at_once(prepared[-1], error) from None

    def _stopped_at_once(self, last: Prepared, error: BaseException) -> DsvaultError:
        """Find out what became of a run that was cut off, and return the error that says it."""
        self._done.clear()
        fate = fate_of(self._session, last.change.id)
        what = {
            Fate.RECORDED: "all changes of this run are deployed",
            Fate.GONE: "nothing of this run stays",
            Fate.UNKNOWN: "the changes of this run are deployed all of them or none",
        }
        return cut_off(error, what[fate], is_outside=False)

    def _deploy(self, item: Prepared) -> None:
        """Deploy or try one change and report how it went."""
        change = self._at_work = item.change
        self._report(ChangeBegun(Action.DEPLOY, change.format_name_with_tags(), self._width))
        began = monotonic()
        try:
            outcome = self._act(item)
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
            raise self._stopped(item, error) from None
        self._report(ChangeDone(outcome))
        if self._options.verify and item.verify is None:
            self._warn_of_missing(change, "verify")
        tags = tuple(map(str, change.tags))
        seconds, retries = monotonic() - began, self._changes.patience.spent
        seen = self._watch.look() if self._watch else None
        now = DeployedNow(change.id, change.name, tags, outcome, seconds, retries, seen)
        self._done.append((change, now))

    def _act(self, item: Prepared) -> Outcome:
        if self._options.dry_run:
            return self._changes.attempt(item)
        if self._options.single_transaction:
            return self._changes.deploy_within(item)
        return self._changes.deploy(item)

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
            self._roll_back()
        is_told = self._options.mode is Mode.CHANGE and error.failed_verify is None
        raise DeployError(error, self._result(), is_told=is_told)

    def _roll_back(self) -> None:
        """Revert what this run deployed, back to its start or to its last tagged change."""
        kept = self._number_kept()
        undone = self._done[kept:]
        if not undone:
            return
        last = self._done[kept - 1][0] if kept else None
        self._report(RollbackBegun(last.format_name_with_tags() if last else self._start_label()))
        try:
            for change, _ in reversed(undone):
                item = revertible(self._project, change, log_only=self._options.log_only)
                revert_one(self._changes, item, self._width, self._report)
                self._done.pop()
        except DsvaultError as error:
            self._report(Failed(error))
            report_left_over(self._changes, self._report)
            self._report(RepairNeeded())

    def _start_label(self) -> str | None:
        """Return the name, with the last tag, of what was deployed before this run."""
        if self._start is None:
            return None
        return "".join([self._start.name, *map(str, self._start.tags[-1:])])

    def _number_kept(self) -> int:
        """Return how many of this run's changes stay after a failure."""
        match self._options.mode:
            case Mode.CHANGE:
                return len(self._done)
            case Mode.TAG:
                tagged = [number for number, (change, _) in enumerate(self._done, 1) if change.tags]
                return tagged[-1] if tagged else 0
            case Mode.ALL:
                return 0

    def _stopped(self, item: Prepared, error: BaseException) -> DsvaultError:
        """Find out what became of a change that was cut off, and return the error that says it."""
        name = item.change.name
        fate = Fate.GONE if self._options.dry_run else fate_of(self._session, item.change.id)
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

    def _result(self) -> DeployResult:
        return DeployResult(
            self._session.target.display,
            self._project.name,
            self._options.dry_run,
            tuple(now for _, now in self._done),
        )
