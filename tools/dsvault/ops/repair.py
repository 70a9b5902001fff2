"""Finish or undo changes whose scripts no transaction can hold, and whose runs were cut off.

repair(target: Target, project: Project, options: RepairOptions = RepairOptions(),
       report: Reporter = ignore, reverting: Mapping[str, str] | None = None) -> RepairResult
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from dsvault.db import connect
from dsvault.dberrors import LostConnectionError
from dsvault.errors import DsvaultError
from dsvault.model import State
from dsvault.ops.changes import ChangeRunner
from dsvault.ops.events import Action, ChangeBegun, ChangeDone, Failed, Outcome, Remark, ignore
from dsvault.ops.failures import StepError
from dsvault.ops.fate import cut_off
from dsvault.ops.halves import Done
from dsvault.ops.locking import LOCK_SECONDS, STATEMENT_LOCK_MS, lock_for_writing
from dsvault.ops.preflight import check_state, prepare
from dsvault.ops.revert import check_requirements
from dsvault.ops.steps import verification_alone
from dsvault.registry import VERSION
from dsvault.sqlscript.units import digest, units

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from dsvault.db import Session
    from dsvault.ops.events import Reporter
    from dsvault.ops.intents import Intent
    from dsvault.ops.outside import OutsideRun
    from dsvault.ops.preflight import Prepared
    from dsvault.plan import Change
    from dsvault.project import Project
    from dsvault.scripts import Kind
    from dsvault.sqlscript import Script
    from dsvault.target import Target


class How(Enum):
    """What to do with a change that is neither done nor undone."""

    FINISH = "finish"  # go on where the script was cut
    AGAIN = "again"  # the same, and repeat a step of which nobody can tell whether it was done
    SKIP = "skip"  # the same, and count such a step as done
    UNDO = "undo"  # run the revert script
    FORGET = "forget"  # touch nothing but the note: a person has put it right


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairOptions:
    """How to repair. With dry_run only what was found is reported."""

    how: How = How.FINISH
    verify: bool = True
    dry_run: bool = False
    lock_seconds: int = LOCK_SECONDS
    statement_lock_ms: int = STATEMENT_LOCK_MS


@dataclass(frozen=True, slots=True)
class Repaired:
    """A change that was begun, and what became of it: deployed, reverted, undone, forgotten.

    In a dry run that is `found`.
    """

    id: str
    name: str
    action: str
    steps_done: int
    steps: int
    became: str

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {
            "id": self.id,
            "name": self.name,
            "action": self.action,
            "steps_done": self.steps_done,
            "steps": self.steps,
            "became": self.became,
        }


@dataclass(frozen=True, slots=True)
class RepairResult:
    """What was found unfinished."""

    target: str
    project: str
    is_dry_run: bool
    changes: tuple[Repaired, ...]

    def as_json(self) -> dict[str, object]:
        """Return the result as one JSON object."""
        return {
            "target": self.target,
            "project": self.project,
            "dry_run": self.is_dry_run,
            "changes": [change.as_json() for change in self.changes],
        }


class RepairError(DsvaultError):
    """Repair failed. cause is what failed; the change is still noted as unfinished."""

    def __init__(self, cause: DsvaultError) -> None:
        self.cause = cause
        super().__init__("Repair failed")


def repair(
    target: Target,
    project: Project,
    options: RepairOptions = RepairOptions(),
    report: Reporter = ignore,
    reverting: Mapping[str, str] | None = None,
) -> RepairResult:
    """Finish or undo every change of the project that an earlier run left in the middle.

    reverting are the variables of revert scripts, where these are not the project's.

    :raises RepairError: a statement failed; what is left is still noted.
    :raises DsvaultError: the script was edited, or nobody can tell whether a step was done.
    :raises LostConnectionError: the connection broke; repair can be run again.
    """
    with connect(target, application_name="dsvault repair") as session:
        variables = project.variables if reverting is None else reverting
        return _Repair(session, project, options, report, variables).run()


class _Repair:
    def __init__(
        self,
        session: Session,
        project: Project,
        options: RepairOptions,
        report: Reporter,
        reverting: Mapping[str, str],
    ) -> None:
        self._session = session
        self._project = project
        self._reverting = project.but(variables=reverting)
        self._options = options
        self._report = report
        self._changes = ChangeRunner(
            session, project, report, statement_lock_ms=options.statement_lock_ms
        )
        self._state = State(VERSION, {})

    def run(self) -> RepairResult:
        registry = self._changes.registry
        lock_for_writing(self._session, registry, self._options.lock_seconds, self._report)
        self._state = registry.load() or self._state
        intents = self._changes.intents.load()
        if not intents:
            self._report(Remark("Nothing to repair: no run was cut off in the middle of a change"))
        done = [self._mend(intent) for intent in intents if intent.project == self._project.name]
        for intent in intents:
            if intent.project != self._project.name:
                self._report(
                    Remark(f"{intent.story()} (project {intent.project}: repair it there)")
                )
        return RepairResult(
            self._session.target.display, self._project.name, self._options.dry_run, tuple(done)
        )

    def _mend(self, intent: Intent) -> Repaired:
        self._report(Remark(intent.story()))
        became = "found"
        if not self._options.dry_run:
            became = self._reported(intent, self._way(intent))
        return Repaired(
            intent.change_id, intent.change, intent.action, intent.done, intent.steps, became
        )

    def _reported(self, intent: Intent, way: Callable[[Intent], str]) -> str:
        """Mend one change, report how it went, and return what became of it."""
        undoes = intent.action != "deploy" or self._options.how is How.UNDO
        mark = Action.REVERT if undoes else Action.DEPLOY
        self._report(ChangeBegun(mark, intent.change, len(intent.change)))
        try:
            became = way(intent)
        except StepError as error:
            self._report(ChangeDone(Outcome.NOT_OK))
            self._report(Failed(error))
            raise RepairError(error) from None
        except (LostConnectionError, KeyboardInterrupt) as error:
            self._report(ChangeDone(Outcome.NOT_OK))
            what = f'"{intent.change}" is still unfinished'
            raise cut_off(error, what, is_outside=True) from None
        except DsvaultError:
            self._report(ChangeDone(Outcome.NOT_OK))
            raise
        self._report(ChangeDone(Outcome.OK, became))
        return became

    def _way(self, intent: Intent) -> Callable[[Intent], str]:
        """Return how an intent is dealt with."""
        is_recorded = self._state.by_id(intent.change_id) is not None
        if self._options.how is How.FORGET:
            return self._forget("forgotten")
        if intent.action == "revert" and not is_recorded:
            return self._forget("was reverted already")
        if intent.action != "revert" and is_recorded:
            return self._forget("is recorded already")
        if intent.action == "deploy":
            return self._undo_deploy if self._options.how is How.UNDO else self._finish_deploy
        if intent.action == "revert":
            return self._keep if self._options.how is How.UNDO else self._finish_revert
        return self._finish_undo

    def _forget(self, became: str) -> Callable[[Intent], str]:
        def forget(intent: Intent) -> str:
            self._changes.forget(intent)
            return became

        return forget

    def _finish_deploy(self, intent: Intent) -> str:
        item = self._prepared(intent)
        assert item.deploy is not None  # noqa: S101 - prepare() asked for it
        self._changes.finish_deploy(item, self._ready(intent, item.deploy))
        return "deployed"

    def _finish_revert(self, intent: Intent) -> str:
        self._refuse_if_built_upon(intent)
        self._changes.finish_revert(self._ready(intent, self._script(intent)))
        return "reverted"

    def _refuse_if_built_upon(self, intent: Intent) -> None:
        """Refuse to go on with a revert after somebody, with Sqitch, deployed on top of it."""
        deployed = self._state.changes_of(self._project.name)
        last = deployed[-1]
        if last.id != intent.change_id:
            raise DsvaultError(
                f'"{last.name}" was deployed after the revert of "{intent.change}" was cut off',
                hint=f'Run: sqitch revert --to "{intent.change}", then dsvault repair; or put back '
                "by hand what is gone, then dsvault repair --forget.",
            )
        check_requirements(self._changes.registry, self._state, self._project, [last])

    def _finish_undo(self, intent: Intent) -> str:
        self._changes.finish_undo(self._ready(intent, self._script(intent)))
        return "undone"

    def _undo_deploy(self, intent: Intent) -> str:
        """Clean up half of a step, then run the revert script."""
        deployed = self._project.script_at(self._path(intent, "deploy"), "deploy")
        if deployed is not None and _is_unedited(deployed, intent):
            self._changes.judge(self._changes.outside(deployed, intent))
        script = self._script(intent)
        self._changes.undo(intent.change_id, intent.change, script)
        return "undone"

    def _keep(self, intent: Intent) -> str:
        """Keep a change that was to be reverted, if nothing was done and nothing is missing.

        A verify script need not tell of all that a revert script takes away.
        """
        revert = self._script(intent)
        if (
            intent.done
            or self._changes.judge(self._changes.outside(revert, intent)).done is Done.YES
        ):
            raise DsvaultError(
                f'"{intent.change}" is not whole any more: {revert.name} was done in part',
                hint="Finish the revert by dsvault repair, then deploy the change again; or put "
                "back by hand what is gone, then dsvault repair --forget.",
            )
        script = self._project.script_at(self._path(intent, "verify"), "verify")
        if script is None:
            raise DsvaultError(
                f'"{intent.change}" has no verify script that could tell whether it is whole',
                hint="Finish the revert by dsvault repair, then deploy the change again.",
            )
        try:
            self._changes.runner.run(verification_alone(script))
        except StepError as error:
            self._changes.runner.clean()
            error.hint = "Finish the revert by dsvault repair, then deploy the change again."
            raise
        self._changes.forget(intent)
        return "stays deployed"

    def _prepared(self, intent: Intent) -> Prepared:
        """Return the planned change, which must be the next one."""
        check_state(self._project, self._state)
        change = self._planned(intent)
        current = self._state.current(self._project.name)
        if change.index != len(self._state.changes_of(self._project.name)):
            name = current.name if current else "nothing"
            raise DsvaultError(
                f'"{intent.change}" does not follow "{name}", which was deployed last',
                hint="Undo it by dsvault repair --undo, then deploy.",
            )
        kinds: set[Kind] = {"deploy", "verify"} if self._options.verify else {"deploy"}
        return prepare(self._project, self._state, [change], frozenset(kinds))[0]

    def _ready(self, intent: Intent, script: Script) -> OutsideRun:
        """Return the script, ready to go on; whether the step at work was done is decided here.

        :raises DsvaultError: the script was edited before the place where it was cut, or nobody
            can tell whether the step at work was done.
        """
        if not _is_unedited(script, intent):
            raise DsvaultError(
                f"{script.name} was edited where it was already done",
                hint="Take back the edit; or undo the change by dsvault repair --undo.",
            )
        run = self._changes.outside(script, intent.but(steps=len(units(script))))
        done = self._changes.judge(run).done
        if done is Done.UNKNOWN:
            done = self._decided(run, script)
        if done is Done.YES:
            run.skip()
        return run

    def _decided(self, run: OutsideRun, script: Script) -> Done:
        """Return what a person said about a step of which the catalog does not tell."""
        if self._options.how is How.AGAIN:
            return Done.REPEATABLE
        if self._options.how is How.SKIP:
            return Done.YES
        assert run.pending is not None  # noqa: S101 - an unknown step is a step
        statement = run.pending.statements[0]
        place = script.place_of(statement, None, None)
        raise DsvaultError(
            f"{place}: nobody can tell whether this was committed, in part or as a whole",
            detail="\n".join(place.excerpt()),
            hint="Look at the database. Then: dsvault repair --skip if it was, --again if it was "
            "not or may run twice, --undo to run the revert script.",
        )

    def _script(self, intent: Intent) -> Script:
        path = self._path(intent, "revert")
        script = self._reverting.script_at(path, "revert")
        if script is None:
            raise DsvaultError(
                f"Revert script {self._project.shown(path)} does not exist",
                hint="Write it; or put the database right by hand, then dsvault repair --forget.",
            )
        return script

    def _path(self, intent: Intent, kind: Kind) -> Path:
        return self._project.path(self._planned(intent), kind)

    def _planned(self, intent: Intent) -> Change:
        change = self._project.plan.by_id(intent.change_id)
        if change is None:
            raise DsvaultError(
                f'"{intent.change}" is not in {self._project.plan.path} as it was when it began',
                hint="Take back the edit of its line, or of an earlier one; or put the database "
                "right by hand, then dsvault repair --forget.",
            )
        return change


def _is_unedited(script: Script, intent: Intent) -> bool:
    """Say whether the steps that were done are still what the script begins with."""
    steps = units(script)
    return len(steps) >= intent.done and digest(steps[: intent.done]) == intent.done_digest
