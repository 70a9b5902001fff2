"""Changes and tags while a plan is being read; dsvault.plan.ids makes of them what they become."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.values import Value

if TYPE_CHECKING:
    from dsvault.plan.model import Dependency


class TagDraft(Value):
    """A tag as its line has it, with the note decoded; a change has all of that too."""

    name: str
    date: str
    planner_name: str
    planner_email: str
    note: str
    line: int

    @property
    def planner(self) -> str:
        """Return `name <email>`."""
        return f"{self.planner_name} <{self.planner_email}>"


class ChangeDraft(Value):
    """A change as its line has it. Tags and a rework may still follow: the lists grow."""

    entry: TagDraft
    operator: str
    position: int
    requires: tuple[Dependency, ...]
    conflicts: tuple[Dependency, ...]
    tags: list[TagDraft]
    rework_tags: list[TagDraft]

    @property
    def name(self) -> str:
        """Return the change's name."""
        return self.entry.name
