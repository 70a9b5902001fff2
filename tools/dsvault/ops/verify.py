"""Run the verify scripts of deployed changes, and compare their order with the plan's.

verify(target: Target, project: Project, options: VerifyOptions = VerifyOptions(),
       report: Reporter = ignore) -> VerifyResult
"""

from __future__ import annotations

from collections import deque
from contextlib import closing
from itertools import takewhile
from typing import TYPE_CHECKING

from dsvault.db import connect
from dsvault.dberrors import LostConnectionError
from dsvault.errors import DsvaultError
from dsvault.ops import steps
from dsvault.ops.events import (
    Action,
    ChangeBegun,
    ChangeDone,
    Failed,
    Idle,
    NothingToDo,
    Outcome,
    Remark,
    Started,
    Summary,
    Undeployed,
    Warned,
    ignore,
)
from dsvault.ops.registered import load_state, span
from dsvault.ops.running import Runner
from dsvault.registry import Registry
from dsvault.sqlscript import prepare_to_read
from dsvault.values import Value

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from dsvault.db import Session
    from dsvault.model import DeployedChange
    from dsvault.ops.events import Reporter
    from dsvault.ops.steps import Step
    from dsvault.project import Project
    from dsvault.target import Target


class VerifyOptions(Value):
    """Between which deployed changes, both included; None means the first and the last one."""

    from_: str | None = None
    to: str | None = None


class Verified(Value):
    """A change that was looked at, and every fault that was found in it."""

    id: str
    name: str
    faults: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {
            "id": self.id,
            "name": self.name,
            "ok": not self.faults,
            "faults": list(self.faults),
        }


class VerifyResult(Value):
    """What was verified; undeployed are the names of planned changes behind the last deployed."""

    target: str
    project: str
    changes: tuple[Verified, ...]
    undeployed: tuple[str, ...]

    @property
    def errors(self) -> int:
        """The number of faults."""
        return sum(len(change.faults) for change in self.changes)

    def as_json(self) -> dict[str, object]:
        """Return the result as one JSON object."""
        return {
            "target": self.target,
            "project": self.project,
            "ok": self.errors == 0,
            "errors": self.errors,
            "changes": [change.as_json() for change in self.changes],
            "undeployed": list(self.undeployed),
        }


class VerifyError(DsvaultError):
    """Verify failed. result says what was found."""

    def __init__(self, result: VerifyResult) -> None:
        self.result = result
        super().__init__("Verify failed")


def verify(
    target: Target,
    project: Project,
    options: VerifyOptions = VerifyOptions(),
    report: Reporter = ignore,
) -> VerifyResult:
    """Run the verify script of each deployed change that is not reworked by a later one.

    Nothing that a script writes stays. A missing script is worth a warning and no fault.

    :raises VerifyError: a script failed, or deployment and plan differ.
    :raises NoRegistryError: nothing was ever deployed.
    :raises DsvaultError: options name a change that is not deployed, the database cannot be
        reached.
    """
    prepare_to_read()
    with connect(target, application_name="dsvault verify") as session:
        state = load_state(Registry(session), target.display)
        report(Started(Action.VERIFY, target.display))
        deployed = state.changes_of(project.name)
        if not deployed:
            idle = Idle.NOTHING_THERE if project.plan.changes else Idle.NOTHING_AT_ALL
            report(NothingToDo(Action.VERIFY, idle))
            return VerifyResult(target.display, project.name, (), ())
        if not project.plan.changes:
            raise DsvaultError("There are deployed changes, but none planned!")
        chosen, first, last = span(state, project, options.from_, options.to)
        run = _Verification(session, project, report)
        undeployed = [] if options.to else project.plan.changes[last + 1 :]
        return run.run(chosen, first, last, [item.format_name_with_tags() for item in undeployed])


class _Item(Value):
    """What is to be done for a change: steps, if it has a script that can be run."""

    name: str = ""  # of the script
    steps: Sequence[Step] = ()
    is_for_client: bool = False
    is_missing: bool = False
    error: DsvaultError | None = None

    @property
    def can_flow(self) -> bool:
        """Whether it can be sent before those ahead of it are answered."""
        return bool(self.steps) and not self.is_for_client and steps.can_flow(self.steps)


class _Verification:
    """One run of verify."""

    def __init__(self, session: Session, project: Project, report: Reporter) -> None:
        self._target = session.target.display
        self._project = project
        self._report = report
        self._runner = Runner(session, report)

    def run(
        self, chosen: Sequence[DeployedChange], first: int, last: int, undeployed: Sequence[str]
    ) -> VerifyResult:
        """Verify the chosen changes, which should be those of the plan from first to last."""
        planned = self._project.plan.changes[first : last + 1]
        labels = [item.format_name_with_tags() for item in chosen]
        labels += [item.format_name_with_tags() for item in planned]
        width = max(map(len, labels))
        with closing(self._outcomes(chosen)) as outcomes:
            found = [
                self._verify(item, first + i, width, outcomes) for i, item in enumerate(chosen)
            ]
        present = {item.id for item in chosen}
        for missing in planned:
            if missing.id not in present:
                name = missing.format_name_with_tags()
                self._report(ChangeBegun(Action.VERIFY, name, width))
                self._report(ChangeDone(Outcome.NOT_OK, "Not deployed"))
                found.append(Verified(missing.id, name, ("Not deployed",)))
        if undeployed:
            self._report(Undeployed(undeployed))
        result = VerifyResult(self._target, self._project.name, tuple(found), tuple(undeployed))
        self._report(Summary(max(len(planned), len(chosen)), result.errors))
        if result.errors:
            raise VerifyError(result)
        return result

    def _verify(
        self,
        change: DeployedChange,
        place: int,
        width: int,
        outcomes: Iterator[DsvaultError | None],
    ) -> Verified:
        """Say how a change is, whose outcome comes next."""
        name = change.format_name_with_tags()
        self._report(ChangeBegun(Action.VERIFY, name, width))
        faults = []
        planned = self._project.plan.by_id(change.id)
        if planned is None:
            faults.append("Not present in the plan")
        elif planned.index != place:
            faults.append("Out of order")
        for fault in faults:
            self._report(Remark(fault))
        try:
            error = next(outcomes)
        except LostConnectionError:
            self._report(ChangeDone(Outcome.NOT_OK))
            raise
        if error is not None:
            faults.append("\n".join(error.lines()))
        self._report(ChangeDone(Outcome.NOT_OK if faults else Outcome.OK))
        if error is not None:
            self._report(Failed(error))
        return Verified(change.id, name, tuple(faults))

    def _outcomes(self, changes: Sequence[DeployedChange]) -> Generator[DsvaultError | None]:
        """Yield of each change what is wrong with it; scripts of later ones are on their way then.

        :raises LostConnectionError: the connection broke.
        """
        rest = iter(changes)
        coming: deque[_Item] = deque()

        def items() -> Iterator[_Item]:
            yield from tuple(coming)
            for change in rest:
                coming.append(self._item(change))
                yield coming[-1]

        while (item := next(items(), None)) is not None:
            try:
                if item.can_flow:
                    together = takewhile(lambda item: item.can_flow, items())
                    with closing(self._runner.run_many(item.steps for item in together)) as done:
                        for _ in done:
                            coming.popleft()
                            yield None
                    continue
                self._run_alone(item)
            except LostConnectionError:
                raise
            except DsvaultError as error:
                self._runner.clean()
                self._report(Remark(f'Verify script "{coming.popleft().name}" failed.'))
                yield error
            else:
                coming.popleft()
                yield None

    def _item(self, change: DeployedChange) -> _Item:
        """Read a change's verify script, unless it is reworked by a later one."""
        planned = self._project.plan.by_id(change.id)
        if planned is not None and planned.is_reworked:
            return _Item()
        name = change.name
        try:
            path = self._project.path_of_deployed(change, "verify")
            name = self._project.shown(path)
            script = self._project.script_at(path, "verify")
        except DsvaultError as error:
            return _Item(name, error=error)
        if script is None:
            return _Item(name, is_missing=True)
        if script.client:
            return _Item(name, [steps.by_client(script, steps.Phase.VERIFY)], is_for_client=True)
        return _Item(name, steps.verification_alone(script))

    def _run_alone(self, item: _Item) -> None:
        """Run what cannot go together with others, or say what there is in its place."""
        if item.error is not None:
            raise item.error
        if item.is_missing:
            self._report(Warned(f"Verify script {item.name} does not exist"))
        elif item.steps:
            self._runner.run(item.steps)
