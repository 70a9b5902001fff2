"""Changes and tags while a plan is being read, and what they become when it has been read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.plan.ids import change_info, info_head, object_id, tag_info
from dsvault.plan.model import Change, Dependency, Tag
from dsvault.values import Value

if TYPE_CHECKING:
    from collections.abc import Sequence


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


def build_changes(
    project: str, uri: str | None, drafts: Sequence[ChangeDraft]
) -> tuple[Change, ...]:
    """Give each change and tag its ID, in plan order; `uri` is canonical, None leaves it out."""
    head = info_head(project, uri)
    infos: list[str] = []
    parent_ids: list[str | None] = [None]
    tags: dict[int, Tag] = {}  # by line number
    for draft in drafts:
        infos.append(change_info(head, draft, parent_ids[-1]))
        change_id = object_id("change", infos[-1])
        parent_ids.append(change_id)
        tags |= {tag.line: _build_tag(head, tag, change_id) for tag in draft.tags}
    return tuple(
        Change(
            id=object_id("change", info),
            name=draft.entry.name,
            info=info,
            date=draft.entry.date,
            planner_name=draft.entry.planner_name,
            planner_email=draft.entry.planner_email,
            note=draft.entry.note,
            line=draft.entry.line,
            parent_id=parent_id,
            requires=draft.requires,
            conflicts=draft.conflicts,
            tags=tuple(tags[tag.line] for tag in draft.tags),
            rework_tags=tuple(tags[tag.line] for tag in draft.rework_tags),
            operator=draft.operator,
            index=draft.position,
        )
        for draft, info, parent_id in zip(drafts, infos, parent_ids, strict=False)
    )


def _build_tag(head: list[str], draft: TagDraft, change_id: str) -> Tag:
    info = tag_info(head, draft, change_id)
    return Tag(
        id=object_id("tag", info),
        name=draft.name,
        info=info,
        date=draft.date,
        planner_name=draft.planner_name,
        planner_email=draft.planner_email,
        note=draft.note,
        line=draft.line,
        change_id=change_id,
    )
