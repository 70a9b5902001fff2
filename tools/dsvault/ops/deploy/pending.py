"""Which changes are to be deployed, and which of their scripts are needed for that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.errors import DsvaultError
from dsvault.ops.deploy.options import DeployOptions, Mode
from dsvault.ops.preflight import check_state, prepare

if TYPE_CHECKING:
    from dsvault.model import State
    from dsvault.plan import Change
    from dsvault.project import Project
    from dsvault.scripts import Kind


def foresee(project: Project, options: DeployOptions, state: State) -> None:
    """Do nothing if a deployment to a database in that state could begin.

    :raises DsvaultError: it could not, for what deploy says.
    """
    check_state(project, state)
    prepare(project, state, pending_changes(project, state, options.to), needed_kinds(options))


def pending_changes(project: Project, state: State, to: str | None) -> list[Change]:
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


def needed_kinds(options: DeployOptions) -> frozenset[Kind]:
    """Return which scripts may be needed."""
    kinds: set[Kind] = {"verify"} if options.verify else set()
    if not options.log_only:
        kinds |= {"deploy"} if options.mode is Mode.CHANGE else {"deploy", "revert"}
    return frozenset(kinds)
