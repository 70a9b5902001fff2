"""A planned change in the form in which the registry's queries take it: one JSON object."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dsvault.config import Person
    from dsvault.plan import Change, Tag

Payload: TypeAlias = str


def payload_of(
    change: Change,
    project: str,
    *,
    committer: Person,
    script_hash: str | None = None,
    resolved: Mapping[str, str] | None = None,
) -> Payload:
    """Return a change as the JSON text that record_deploy, record_fail and record_tags take.

    resolved maps the text of each requirement to the ID of the change that satisfies it.
    """
    import json  # noqa: PLC0415 - status and verify record nothing

    content = {
        "change_id": change.id,
        "script_hash": script_hash,
        "change": change.name,
        "project": project,
        "note": change.note,
        "committer_name": committer.name,
        "committer_email": committer.email,
        "planned_at": change.timestamp.isoformat(),
        "planner_name": change.planner_name,
        "planner_email": change.planner_email,
        "requires": [str(dependency) for dependency in change.requires],
        "conflicts": [str(dependency) for dependency in change.conflicts],
        "tag_names": [str(tag) for tag in change.tags],
        "dependencies": [
            {
                "type": dependency.kind,
                "dependency": str(dependency),
                "dependency_id": (resolved or {}).get(str(dependency))
                if dependency.kind == "require"
                else None,
            }
            for dependency in change.dependencies
        ],
        "tags": [_tag(tag) for tag in change.tags],
    }
    return json.dumps(content, ensure_ascii=False)


def _tag(tag: Tag) -> dict[str, str]:
    return {
        "tag_id": tag.id,
        "tag": str(tag),
        "note": tag.note,
        "planned_at": tag.timestamp.isoformat(),
        "planner_name": tag.planner_name,
        "planner_email": tag.planner_email,
    }
