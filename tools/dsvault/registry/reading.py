"""The registry's rows, which arrive as texts, as values."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from dsvault.model import DeployedChange, DeployedTag

if TYPE_CHECKING:
    from dsvault.db import Row


def change_of(row: Row) -> DeployedChange:
    """Return a row of changes.sql as a value."""
    change_id, name, project, script_hash, *rest = row
    note, committed_at, committer_name, committer_email, *planned, tags = map(str, rest)
    planned_at, planner_name, planner_email = planned
    return DeployedChange(
        id=str(change_id),
        name=str(name),
        project=str(project),
        script_hash=script_hash,
        note=note,
        committed_at=datetime.fromisoformat(committed_at),
        committer_name=committer_name,
        committer_email=committer_email,
        planned_at=datetime.fromisoformat(planned_at),
        planner_name=planner_name,
        planner_email=planner_email,
        tags=_names(tags),
    )


def tag_of(row: Row) -> DeployedTag:
    """Return a row of tags.sql as a value."""
    *texts, committed_at, committer_name, committer_email = map(str, row)
    tag_id, name, project, change_id = texts
    return DeployedTag(
        id=tag_id,
        name=name,
        project=project,
        change_id=change_id,
        committed_at=datetime.fromisoformat(committed_at),
        committer_name=committer_name,
        committer_email=committer_email,
    )


def _names(text: str) -> list[str]:
    """Return what a JSON array of texts holds."""
    if text == "[]":
        return []
    import json  # noqa: PLC0415 - few changes have tags

    return list(json.loads(text))
