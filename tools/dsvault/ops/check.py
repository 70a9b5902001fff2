"""Compare what is deployed with the plan and its scripts, without running anything.

check(target: Target, project: Project, options: CheckOptions = CheckOptions(),
      report: Reporter = ignore) -> CheckResult
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsvault.db import connect
from dsvault.errors import DsvaultError
from dsvault.ops.compare import deployed_rows
from dsvault.ops.events import Action, Diverged, Idle, NothingToDo, Started, ignore
from dsvault.ops.preflight import divergences
from dsvault.ops.registered import load_state, span
from dsvault.plan.compare import compare, rows_of
from dsvault.registry import Registry
from dsvault.scripts import content_hash, read_script

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dsvault.model import DeployedChange, State
    from dsvault.ops.events import Reporter
    from dsvault.project import Project
    from dsvault.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """Between which deployed changes, both included; None means the first and the last one."""

    from_: str | None = None
    to: str | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What was found. diverges_at is the first change whose deploy script is another than the
    plan's at the same place; modified are all whose script was edited since; faults are
    differences between registry and plan.
    """

    target: str
    project: str
    diverges_at: str | None = None
    modified: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def failures(self) -> int:
        """The number of checks that failed."""
        return (self.diverges_at is not None) + bool(self.faults)

    def as_json(self) -> dict[str, object]:
        """Return the result as one JSON object."""
        return {
            "target": self.target,
            "project": self.project,
            "ok": self.failures == 0,
            "diverges_at": self.diverges_at,
            "modified": list(self.modified),
            "faults": list(self.faults),
        }


class CheckError(DsvaultError):
    """A check failed. result says what was found."""

    exit_code = 1

    def __init__(self, result: CheckResult) -> None:
        self.result = result
        count = result.failures
        super().__init__("Failed one check" if count == 1 else f"Failed {count} checks")


def check(
    target: Target,
    project: Project,
    options: CheckOptions = CheckOptions(),
    report: Reporter = ignore,
) -> CheckResult:
    """Compare deployed scripts with those at hand, and deployed changes with the plan.

    :raises CheckError: they differ.
    :raises NoRegistryError: nothing was ever deployed.
    :raises DsvaultError: options name a change that is not deployed, the database cannot be
        reached.
    """
    with connect(target, application_name="dsvault check") as session:
        registry = Registry(session)
        state = load_state(registry, target.display)
        lines = tuple(_edited_lines(project, registry, state))
    report(Started(Action.CHECK, target.display))
    if not state.changes_of(project.name):
        idle = Idle.NOTHING_THERE if project.plan.changes else Idle.NOTHING_AT_ALL
        report(NothingToDo(Action.CHECK, idle))
        return CheckResult(target.display, project.name)
    chosen, first, _ = span(state, project, options.from_, options.to)
    index = divergence(project, chosen, first)
    result = CheckResult(
        target.display,
        project.name,
        None if index is None else chosen[index].format_name_with_tags(),
        tuple(_modified(project, chosen)),
        (*_faults(project, state), *lines, *_line_ends(project, chosen)),
    )
    report(Diverged(result.diverges_at, result.modified, result.faults))
    if result.failures:
        raise CheckError(result)
    return result


def divergence(project: Project, chosen: Sequence[DeployedChange], first: int) -> int | None:
    """Return the index of the first change whose script is not that of the plan at its place.

    first is where in the plan the first of the chosen changes should stand.
    """
    planned = project.plan.changes[first : first + len(chosen)]
    for i, change in enumerate(chosen):
        if i >= len(planned) or change.script_hash != project.script_hash(planned[i]):
            return i
    return None


def _modified(project: Project, chosen: Sequence[DeployedChange]) -> Iterator[str]:
    for change in chosen:
        planned = project.plan.by_id(change.id)
        if planned is not None and change.script_hash != project.script_hash(planned):
            yield project.shown(project.path(planned, "deploy"))


def _line_ends(project: Project, chosen: Sequence[DeployedChange]) -> Iterator[str]:
    """Yield which scripts are the deployed ones but for LF or CRLF at the ends of lines."""
    for change in chosen:
        planned = project.plan.by_id(change.id)
        if planned is None:
            continue
        content = read_script(project.layout, planned, "deploy")
        if content is None or change.script_hash in (None, content_hash(content)):
            continue
        plain = content.replace(b"\r\n", b"\n")
        if change.script_hash in map(content_hash, (plain, plain.replace(b"\n", b"\r\n"))):
            path = project.shown(project.path(planned, "deploy"))
            yield f"{path} differs in its line ends only; see core.autocrlf of git"


def _edited_lines(project: Project, registry: Registry, state: State) -> Iterator[str]:
    """Yield which lines of the plan are not as they were when they were deployed."""
    rows = deployed_rows(registry, state, project.name)
    for item in compare(rows_of(project.plan), rows).differences:
        place = f"{project.shown(project.plan.path)}:{item.line}: " if item.line else ""
        yield f'{place}"{item.name}" {item.kind}: {item.what}. {item.do}'


def _faults(project: Project, state: State) -> Iterator[str]:
    return (fault.message for fault in divergences(project, state))
