"""Make the registry and register a project, without deploying anything.

register(target: Target, project: Project, report: Reporter = ignore) -> Registered
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsvault.db import connect
from dsvault.ops.events import RegistryAdded, Remark, ignore
from dsvault.ops.locking import LOCK_SECONDS, lock_for_writing
from dsvault.ops.running import Runner, transaction
from dsvault.ops.steps import Step
from dsvault.registry import Registry, project_conflict

if TYPE_CHECKING:
    from dsvault.ops.events import Reporter
    from dsvault.project import Project
    from dsvault.target import Target


@dataclass(frozen=True, slots=True)
class Registered:
    """Whether the registry's tables were made now, and whether the project was registered now."""

    target: str
    project: str
    is_new: bool
    is_new_project: bool

    def as_json(self) -> dict[str, object]:
        """Return the result as one JSON object."""
        return {
            "target": self.target,
            "project": self.project,
            "registry_added": self.is_new,
            "project_added": self.is_new_project,
        }


def register(target: Target, project: Project, report: Reporter = ignore) -> Registered:
    """Make the registry if there is none, and register the project if it is not.

    :raises RegistryError: another project has the same name or URI.
    :raises StepError: the login may not make the tables.
    """
    with connect(target, application_name="dsvault registry") as session:
        registry = Registry(session)
        lock_for_writing(session, registry, LOCK_SECONDS, report)
        state = registry.load()
        conflict = project_conflict(state, project.plan) if state else None
        if conflict is not None:
            raise conflict
        is_new = state is None
        is_new_project = state is None or project.name not in state.projects
        queries = registry.creation(project.person) if is_new else []
        if is_new_project:
            queries.append(registry.project_row(project.plan, project.person))
        if is_new:
            report(RegistryAdded(target.display))
        if queries:
            Runner(session, report).run(transaction([Step(query) for query in queries]))
        words = "is registered now" if is_new_project else "was registered already"
        report(Remark(f"Project {project.name} {words}; nothing was deployed"))
    return Registered(target.display, project.name, is_new, is_new_project)
