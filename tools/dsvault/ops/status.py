"""Tell what is deployed last, and what is planned and not deployed.

status(target: Target, project: Project | None, project_name: str | None = None)
    -> StatusResult
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from dsvault.db import Query, connect
from dsvault.errors import DsvaultError
from dsvault.queries import load
from dsvault.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsvault.db import Session
    from dsvault.model import DeployedChange, DeployedTag, State
    from dsvault.project import Project
    from dsvault.target import Target


class StatusResult(NamedTuple):
    """Where a database stands.

    current is None where nothing is deployed. undeployed are the names, with tags, of planned
    changes; it is None if there is no plan to compare with, or current is not in it. unfinished
    tells of each change that a run left in the middle.
    """

    target: str
    project: str | None
    current: DeployedChange | None
    has_plan: bool
    undeployed: Sequence[str] | None
    changes: Sequence[DeployedChange]
    tags: Sequence[DeployedTag]
    unfinished: Sequence[str] = ()

    def as_json(self) -> dict[str, object]:
        """Return the result as one JSON object."""
        return {
            "target": self.target,
            "project": self.project,
            "current": None if self.current is None else _change_as_json(self.current),
            "in_plan": self.undeployed is not None if self.has_plan and self.current else None,
            "undeployed": None if self.undeployed is None else list(self.undeployed),
            "changes": [_change_as_json(change) for change in self.changes],
            "tags": [
                {
                    "name": tag.name,
                    "change_id": tag.change_id,
                    "deployed_at": tag.committed_at.isoformat(),
                    "deployed_by": f"{tag.committer_name} <{tag.committer_email}>",
                }
                for tag in self.tags
            ],
            "unfinished": list(self.unfinished),
        }


def status(
    target: Target, project: Project | None, project_name: str | None = None
) -> StatusResult:
    """Return where a database stands.

    project is None where there is no plan: then project_name, or the only registered project, is
    meant.

    :raises DsvaultError: several projects are registered and none is named, the database cannot
        be reached.
    """
    with connect(target, application_name="dsvault status") as session:
        state = Registry(session).load(is_any_version=True)
        unfinished = _unfinished(session) if state else ()
    wanted = project_name or (project.name if project else _only_project(state))
    current = state.current(wanted) if state else None
    plan = project.plan if project and project.name == wanted else None
    undeployed: list[str] | None = None
    if plan is not None:
        index = plan.index_of(current.id) if current else -1
        if index is not None:
            undeployed = [item.format_name_with_tags() for item in plan.changes[index + 1 :]]
    return StatusResult(
        target=target.display,
        project=wanted,
        current=current,
        has_plan=plan is not None,
        undeployed=undeployed,
        changes=state.changes_of(wanted) if state else (),
        tags=state.tags_of(wanted) if state else (),
        unfinished=unfinished,
    )


def _unfinished(session: Session) -> Sequence[str]:
    """Return what is known of changes that a run left in the middle; nothing without the right."""
    [[(_, has_table)]] = session.run([Query(load("intents/found"))])
    if has_table != "t":
        return ()
    from dsvault.ops.intents import Intents  # noqa: PLC0415 - it needs the parser of SQL

    with suppress(DsvaultError):
        return [intent.story() for intent in Intents(session).load()]
    return ()


def _only_project(state: State | None) -> str:
    """Return the one project that is registered.

    :raises DsvaultError: there is none, or more than one.
    """
    if state is None:
        raise DsvaultError("Database not initialized for Sqitch")
    if not state.projects:
        raise DsvaultError("No projects registered")
    if len(state.projects) > 1:
        names = ", ".join(state.projects)
        raise DsvaultError(f"Use --project to select which project to query: {names}")
    return next(iter(state.projects))


def _change_as_json(change: DeployedChange) -> dict[str, object]:
    return {
        "id": change.id,
        "name": change.name,
        "tags": list(change.tags),
        "script_hash": change.script_hash,
        "note": change.note,
        "deployed_at": change.committed_at.isoformat(),
        "deployed_by": f"{change.committer_name} <{change.committer_email}>",
    }
