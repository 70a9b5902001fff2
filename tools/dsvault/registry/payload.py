"""A planned change in the form in which the registry's queries take it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from dsvault.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dsvault.config import Person
    from dsvault.plan import Change, Tag

_NONE: Mapping[str, str] = MappingProxyType({})


class Payload(Value):
    """A change with what the registry notes of its deployment.

    resolved maps the text of each requirement to the ID of the change that satisfies it.
    """

    change: Change
    project: str
    committer: Person
    script_hash: str | None = None
    resolved: Mapping[str, str] = _NONE

    @property
    def row(self) -> tuple[str, ...]:
        """What the rows of changes and events begin with."""
        change = self.change
        return (
            change.id,
            change.name,
            self.project,
            change.note,
            *self.committer,
            change.timestamp.isoformat(),
            change.planner_name,
            change.planner_email,
        )

    @property
    def change_row(self) -> tuple[str | None, ...]:
        """What a row of changes is made of, and the change that it follows."""
        return *self.row, self.script_hash, self.change.parent_id

    @property
    def lists(self) -> tuple[str, str, str]:
        """What it requires, what it conflicts with, and its tags, as arrays of the server."""
        change = self.change
        return _array(change.requires), _array(change.conflicts), _array(change.tags)

    @property
    def dependencies(self) -> str:
        """What it depends on, as a JSON array."""
        return _json(
            {
                "type": dependency.kind,
                "dependency": str(dependency),
                "dependency_id": self.resolved.get(str(dependency))
                if dependency.kind == "require"
                else None,
            }
            for dependency in self.change.dependencies
        )

    @property
    def tags(self) -> str:
        """Its tags, as a JSON array."""
        return _json(map(_tag, self.change.tags))


def _array(items: Iterable[object]) -> str:
    """Return texts as the server reads a text[]."""
    escaped = (str(item).replace("\\", "\\\\").replace('"', '\\"') for item in items)
    return "{" + ",".join(f'"{text}"' for text in escaped) + "}"


def _json(items: Iterable[Mapping[str, str | None]]) -> str:
    import json  # noqa: PLC0415 - many a change has neither tags nor dependencies

    return json.dumps(list(items), ensure_ascii=False)


def _tag(tag: Tag) -> dict[str, str | None]:
    return {
        "tag_id": tag.id,
        "tag": str(tag),
        "note": tag.note,
        "planned_at": tag.timestamp.isoformat(),
        "planner_name": tag.planner_name,
        "planner_email": tag.planner_email,
    }
