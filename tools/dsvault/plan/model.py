"""The values of a plan: changes, tags, dependencies, and the plan that holds them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from dsvault.plan.errors import AmbiguousChange, PlanError, UnknownChange
from dsvault.plan.find import Lookup
from dsvault.values import Value

if TYPE_CHECKING:
    from pathlib import Path

DependencyKind: TypeAlias = Literal["require", "conflict"]


class Dependency(Value):
    """One entry of a change's bracket list: what it requires or conflicts with.

    `project` is None for the plan's own project, however it was written.
    Either `id` is given or at least one of `change` and `tag` (without @).
    """

    kind: DependencyKind
    project: str | None = None
    change: str | None = None
    tag: str | None = None
    id: str | None = None

    @property
    def key(self) -> str:
        """Return the text without the project: `change`, `@tag`, `change@tag` or an ID."""
        if self.id is not None:
            return self.id
        return (self.change or "") + ("" if self.tag is None else f"@{self.tag}")

    def __str__(self) -> str:
        """Return the text that is hashed into the change's ID and stored in the registry."""
        return self.key if self.project is None else f"{self.project}:{self.key}"

    @property
    def plan_text(self) -> str:
        """Return the text as a plan line has it: a conflict begins with an exclamation mark."""
        return f"!{self}" if self.kind == "conflict" else str(self)

    def is_foreign(self, project: str) -> bool:
        """Tell whether another project than the given one must answer for this dependency."""
        return self.project is not None and self.project != project


class Planned(Value):
    """What changes and tags have in common. `date` is the exact text that is hashed."""

    id: str
    name: str
    info: str
    date: str
    planner_name: str
    planner_email: str
    note: str
    line: int

    @property
    def timestamp(self) -> datetime:
        """Return the planning time in UTC. A leap second becomes the second after it.

        :raises PlanError: the year is 0000, which neither Python nor PostgreSQL has.
        """
        text, leap = (f"{self.date[:17]}59", 1) if self.date[17:19] == "60" else (self.date[:19], 0)
        try:
            moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
        except ValueError as error:
            raise PlanError(
                f'The date {self.date} of "{self.name}" cannot be stored',
                line=self.line,
                hint="Write a year from 0001 on.",
            ) from error
        return moment + timedelta(seconds=leap)

    @property
    def planner(self) -> str:
        """Return `name <email>`."""
        return f"{self.planner_name} <{self.planner_email}>"


class Tag(Planned):
    """A tag. `name` has no @; `change_id` is the change that it follows."""

    change_id: str

    def __str__(self) -> str:
        """Return the name with its @."""
        return f"@{self.name}"


class Change(Planned):
    """A change as planned. `index` counts from 0; `parent_id` is the change on the line before."""

    parent_id: str | None
    requires: tuple[Dependency, ...]
    conflicts: tuple[Dependency, ...]
    tags: tuple[Tag, ...]
    rework_tags: tuple[Tag, ...]
    operator: str
    index: int

    @property
    def dependencies(self) -> tuple[Dependency, ...]:
        """Return what is required, then what conflicts, each in the plan's order."""
        return self.requires + self.conflicts

    @property
    def is_reworked(self) -> bool:
        """Tell whether a later change has the same name."""
        return bool(self.rework_tags)

    @property
    def file_stems(self) -> tuple[str, ...]:
        """Return the names that its scripts may have, without extension, the preferred one first.

        One name, unless the change is reworked: then `name@tag` for every tag up to the rework.
        """
        if not self.rework_tags:
            return (self.name,)
        return tuple(f"{self.name}{tag}" for tag in self.rework_tags)

    def format_name_with_tags(self) -> str:
        """Return the name and its tags, as in `core @v1 @v1.1`."""
        return " ".join([self.name, *map(str, self.tags)])

    def format_tag_qualified_name(self) -> str:
        """Return `name@tag` that means this instance and no other of the same name."""
        tag = next(iter(self.tags + self.rework_tags), None)
        return f"{self.name}@HEAD" if tag is None else f"{self.name}{tag}"


class Plan(Value):
    """A valid plan. `uri` is what the registry stores, which differs from what is hashed."""

    project: str
    uri: str | None
    path: Path
    changes: tuple[Change, ...]

    @cached_property
    def _lookup(self) -> Lookup:
        return Lookup(self.changes)

    @property
    def tags(self) -> tuple[Tag, ...]:
        """Return all tags in plan order."""
        return tuple(tag for change in self.changes for tag in change.tags)

    def by_id(self, change_id: str) -> Change | None:
        """Return the change of this ID, or None."""
        index = self.index_of(change_id)
        return None if index is None else self.changes[index]

    def index_of(self, change_id: str) -> int | None:
        """Return the position of the change of this ID, counted from 0, or None."""
        return self._lookup.change_ids.get(change_id)

    def rework_tags(self, change: Change) -> tuple[Tag, ...]:
        """Return the tags that may be part of a reworked change's script names, best first."""
        return change.rework_tags

    def find(self, spec: str) -> Change:
        """Return the one change that a person means by `spec`.

        `spec` is name, name@tag, @tag, a change's or a tag's ID, [@]HEAD or [@]ROOT; after it ^, ^^
        or ^3 for changes before, ~, ~~ or ~3 for changes after it.

        :raises AmbiguousChange: several changes have the name, and no tag says which is meant.
        :raises UnknownChange: there is none.
        """
        index = self._lookup.index_of(spec)
        if isinstance(index, int):
            return self.changes[index]
        if index is None:
            raise UnknownChange(
                f'Unknown change: "{spec}"', hint=f"`plan` lists the changes of {self.path}."
            )
        candidates = [self.changes[i].format_tag_qualified_name() for i in reversed(index)]
        raise AmbiguousChange(spec, candidates, "Change lookup failed")

    def first(self, spec: str) -> Change | None:
        """Return the change that `spec` means inside of a plan, or None.

        As `find`, but a plain name means its first instance. So Sqitch resolves dependencies.

        :raises UnknownChange: `spec` is change@tag, and there is no such tag.
        """
        index = self._lookup.first_index_of(spec)
        return None if index is None else self.changes[index]

    def resolve(self, dependency: Dependency) -> Change | None:
        """Return the change in this plan that a dependency means, or None if it is foreign.

        :raises UnknownChange: it is ours, but not in the plan. Only conflicts can be so.
        """
        if dependency.is_foreign(self.project):
            return None
        change = self.first(dependency.key)
        if change is None:
            raise UnknownChange(
                f'Unable to find change "{dependency.key}" in plan {self.path}',
                hint="Name a planned change, or remove the dependency.",
            )
        return change
