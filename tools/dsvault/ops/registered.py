"""What commands need that speak of deployed changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.errors import DsvaultError
from dsvault.plan import UnknownChange

if TYPE_CHECKING:
    from dsvault.model import DeployedChange, State
    from dsvault.project import Project
    from dsvault.registry import Registry


class NoRegistryError(DsvaultError):
    """Nothing was ever deployed to the database."""


def load_state(registry: Registry, destination: str) -> State:
    """Return what is deployed.

    :raises NoRegistryError: there is no registry.
    """
    state = registry.load()
    if state is None:
        raise NoRegistryError(f"No registry found in {destination}. Have you ever deployed?")
    return state


def span(
    state: State, project: Project, from_: str | None, to: str | None
) -> tuple[list[DeployedChange], int, int]:
    """Return the deployed changes between two, and where in the plan these two stand.

    Without from_ it begins with the first deployed change, without to it ends with the last one.

    :raises DsvaultError: a change is not deployed or not planned, or they are in the wrong order.
    """
    plan = project.plan
    chosen = state.changes_of(project.name)
    first, last = 0, len(plan.changes) - 1
    if from_ is not None:
        change, first = _planned_place(state, project, from_)
        chosen = chosen[chosen.index(change) :]
    if to is not None:
        change, last = _planned_place(state, project, to)
        if change not in chosen:
            raise DsvaultError(
                f'Change "{to}" was deployed before "{from_}"', hint="Exchange --from and --to."
            )
        chosen = chosen[: chosen.index(change) + 1]
    else:
        index = plan.index_of(chosen[-1].id)
        last = last if index is None else index
    return chosen, first, last


def _planned_place(state: State, project: Project, spec: str) -> tuple[DeployedChange, int]:
    """Return a deployed change and its place in the plan."""
    change = state.find(spec, project.name, project.plan)
    if change is None:
        try:
            project.plan.find(spec)
        except UnknownChange:
            raise DsvaultError(f'Cannot find "{spec}" in the database or the plan') from None
        raise DsvaultError(f'Change "{spec}" has not been deployed')
    index = project.plan.index_of(change.id)
    if index is None:
        raise DsvaultError(f'Change "{spec}" is deployed, but not planned')
    return change, index
