"""Changes and tags with their IDs: SHA-1 over a few lines of text that say what was planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.digests import sha1_hex
from dsvault.plan.model import Change, Tag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsvault.plan.drafts import ChangeDraft, TagDraft
    from dsvault.plan.model import Dependency


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


def object_id(kind: str, info: str) -> str:
    """Return the 40 lower-case hex digits of an info text; `kind` is "change" or "tag"."""
    content = info.encode()
    data = b"%s %d\0%s" % (kind.encode(), len(content), content)
    return sha1_hex(data)


def is_true(text: str | None) -> bool:
    """Tell whether Perl takes a text for true: all are, except none, the empty one and "0"."""
    return text not in {None, "", "0"}


def info_head(project: str, uri: str | None) -> list[str]:
    """Return the first lines of every info of a project; `uri` is canonical, None leaves it out."""
    return [f"project {project}"] + ([f"uri {uri}"] if uri is not None else [])


def change_info(head: list[str], change: ChangeDraft, parent_id: str | None) -> str:
    """Return the text whose hash is a change's ID; its parent is the change planned before it."""
    lines = [*head, f"change {change.name}"]
    if parent_id is not None:
        lines.append(f"parent {parent_id}")
    lines += [f"planner {change.entry.planner}", f"date {change.entry.date}"]
    lines += _list("requires", "+", change.requires)
    lines += _list("conflicts", "-", change.conflicts)
    return "\n".join(lines + _note(change.entry.note))


def tag_info(head: list[str], tag: TagDraft, change_id: str) -> str:
    """Return the text whose hash is a tag's ID; `change_id` is the change that it follows."""
    lines = [*head, f"tag @{tag.name}", f"change {change_id}"]
    lines += [f"planner {tag.planner}", f"date {tag.date}"]
    return "\n".join(lines + _note(tag.note))


def _note(note: str) -> list[str]:
    return ["", note] if is_true(note) else []


def _list(title: str, bullet: str, dependencies: Sequence[Dependency]) -> list[str]:
    joined = f"\n  {bullet} ".join(map(str, dependencies))
    return [title, f"  {bullet} {joined}"] if is_true(joined) else []
