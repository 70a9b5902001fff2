"""The IDs of changes and tags: SHA-1 over a few lines of text that say what was planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.digests import sha1_hex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsvault.plan.drafts import ChangeDraft, TagDraft
    from dsvault.plan.model import Dependency


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
