"""What a registry says is deployed, as values, and the questions that are asked of it.

Pure: the rows come in as arguments. The order of `committed_at` is the state of a database.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from dsvault.plan.errors import AmbiguousChange
from dsvault.plan.find import split_offset
from dsvault.values import Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dsvault.plan import Dependency, Plan

_ID = r"[0-9a-f]{40}\Z"


class Moment(Value):
    """A time as dsvault.dates formats it."""

    timestamp: datetime

    @property
    def date(self) -> str:
        """Return it in UTC, as plans write times."""
        return f"{self.timestamp.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


class DeployedChange(Value):
    """A change that is deployed. Tags have their @; times know their zone."""

    id: str
    name: str
    project: str
    script_hash: str | None
    note: str
    committed_at: datetime
    committer_name: str
    committer_email: str
    planned_at: datetime
    planner_name: str
    planner_email: str
    tags: Sequence[str]

    def format_name_with_tags(self) -> str:
        """Return the name and its tags, as in `core @v1 @v1.1`."""
        return " ".join([self.name, *self.tags])


class DeployedTag(Value):
    """A tag that is recorded. The name has its @."""

    id: str
    name: str
    project: str
    change_id: str
    committed_at: datetime
    committer_name: str
    committer_email: str


class State(Value):
    """All that a registry holds about what is deployed now, of all projects, in order."""

    version: str
    projects: Mapping[str, str | None]
    changes: Sequence[DeployedChange] = ()
    tags: Sequence[DeployedTag] = ()

    def changes_of(self, project: str) -> list[DeployedChange]:
        """Return a project's deployed changes in the order of their deployment."""
        return [change for change in self.changes if change.project == project]

    def tags_of(self, project: str) -> list[DeployedTag]:
        """Return a project's recorded tags in the order of their recording."""
        return [tag for tag in self.tags if tag.project == project]

    def current(self, project: str) -> DeployedChange | None:
        """Return the change that was deployed last, or None."""
        return next(iter(reversed(self.changes_of(project))), None)

    def by_id(self, change_id: str) -> DeployedChange | None:
        """Return the change of this ID in whichever project, or None."""
        return next((change for change in self.changes if change.id == change_id), None)

    def satisfying(self, dependency: Dependency, project: str) -> DeployedChange | None:
        """Return the deployed change that a dependency of a plan of this project means, or None.

        A plain name means its first instance.
        """
        if dependency.id is not None:
            return self.by_id(dependency.id)
        found = self._named(dependency.project or project, dependency.change, dependency.tag)
        return found[0] if found else None

    def find(self, spec: str, project: str, plan: Plan | None = None) -> DeployedChange | None:
        """Return the deployed change that a person means by spec, or None.

        plan only serves to name changes where spec is ambiguous.

        spec has the forms that Plan.find takes; HEAD and ROOT are the last and the first deployed.

        :raises AmbiguousChange: several deployed changes have the name.
        """
        key, offset = split_offset(spec)
        name, at, tag = key.partition("@")
        if at and not tag:
            return None
        anchor = self.by_id(key) if re.match(_ID, key) else self._one(key, project, name, tag, plan)
        if anchor is None or offset == 0:
            return anchor
        siblings = self.changes_of(project)
        if anchor not in siblings:
            return None
        position = siblings.index(anchor) + offset
        return siblings[position] if 0 <= position < len(siblings) else None

    def tag_qualified_name(self, change: DeployedChange) -> str:
        """Return `name@tag` with the first tag at or after the change, else `name@HEAD`."""
        later = (
            tag
            for other in self.changes_of(change.project)
            if other.committed_at >= change.committed_at
            for tag in other.tags
        )
        return f"{change.name}{next(later, '@HEAD')}"

    def _one(
        self, key: str, project: str, name: str, at: str, plan: Plan | None
    ) -> DeployedChange | None:
        tag = at or None
        if tag is None and name in ("HEAD", "ROOT"):
            name, tag = "", name
        found = self._named(project, name or None, tag)
        if len(found) <= 1:
            return found[0] if found else None
        candidates = [self._qualified_name(change, plan) for change in reversed(found)]
        raise AmbiguousChange(key, candidates, "Change Lookup Failed")

    def _qualified_name(self, change: DeployedChange, plan: Plan | None) -> str:
        planned = plan.by_id(change.id) if plan else None
        if planned is None:
            return self.tag_qualified_name(change)
        return planned.format_tag_qualified_name()

    def _named(self, project: str, name: str | None, tag: str | None) -> list[DeployedChange]:
        """Return the changes of a name; with a tag at most one, that as of the tag."""
        changes = [item for item in self.changes_of(project) if name in (None, item.name)]
        if tag is None:
            return changes if name is not None else []
        if tag == "HEAD":
            return changes[-1:]
        if tag == "ROOT":
            return changes[:1] if name is None else []
        mark = next((item for item in self.tags_of(project) if item.name == f"@{tag}"), None)
        if mark is None:
            return []
        if name is None:
            return [item for item in changes if item.id == mark.change_id]
        return [item for item in changes if item.committed_at <= mark.committed_at][-1:]


class EventFilter(Value):
    """Which events of a history. change, project and committer are patterns of PostgreSQL.

    Without kinds, all of deploy, revert and fail. The last event comes first unless oldest_first.
    """

    kinds: Sequence[str] = ()
    change: str | None = None
    project: str | None = None
    committer: str | None = None
    max_count: int | None = None
    skip: int = 0
    oldest_first: bool = False


class LoggedEvent(Value):
    """What once happened to a change: deploy, revert or fail. Tags have their @."""

    event: str
    project: str
    change_id: str
    change: str
    note: str
    requires: Sequence[str]
    conflicts: Sequence[str]
    tags: Sequence[str]
    committed_at: datetime
    committer_name: str
    committer_email: str
    planned_at: datetime
    planner_name: str
    planner_email: str

    def as_json(self) -> dict[str, object]:
        """Return the event as one JSON object."""
        return {
            "event": self.event,
            "project": self.project,
            "change_id": self.change_id,
            "change": self.change,
            "note": self.note,
            "requires": list(self.requires),
            "conflicts": list(self.conflicts),
            "tags": list(self.tags),
            "committed_at": self.committed_at.isoformat(),
            "committed_by": f"{self.committer_name} <{self.committer_email}>",
            "planned_at": self.planned_at.isoformat(),
            "planned_by": f"{self.planner_name} <{self.planner_email}>",
        }
