"""Find changes in a plan by what people write: names, tags, IDs, HEAD, ROOT, and offsets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.plan.errors import UnknownChange
from dsvault.plan.grammar import PUNCTUATION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsvault.plan.model import Change

_OFFSET = rf"(?<![{PUNCTUATION}])([~^])(?:(\1)|(\d+))?\Z"


def split_offset(spec: str) -> tuple[str, int]:
    """Split `name^2` into name and -2; ^ counts towards the first change, ~ towards the last."""
    match = re.search(_OFFSET, spec)
    if match is None:
        return spec, 0
    sign, twice, digits = match.groups()
    steps = _number(digits) if digits else 2 if twice else 1
    return spec[: match.start()], -steps if sign == "^" else steps


def _number(digits: str) -> int:
    """Read digits as Perl does: only the ASCII ones at the beginning count."""
    match = re.match(r"[0-9]+", digits)
    return int(match[0]) if match else 0


class Lookup:
    """Where each name, tag and ID stands in a list of changes."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self.change_ids = {change.id: change.index for change in changes}
        self._count = len(changes)
        self._names: dict[str, list[int]] = {}
        self._single: dict[str, int] = dict(self.change_ids)
        for change in changes:
            self._names.setdefault(change.name, []).append(change.index)
            for tag in change.tags:
                self._single[str(tag)] = self._single[tag.id] = change.index
        if changes:
            self._single |= {"HEAD": self._count - 1, "@HEAD": self._count - 1}
            self._single |= {"ROOT": 0, "@ROOT": 0}

    def index_of(self, spec: str) -> int | list[int] | None:
        """Return the position, None for nothing found, or all positions of an ambiguous name.

        :raises UnknownChange: the tag of change@tag does not exist.
        """
        key, offset = split_offset(spec)
        found = self._index_of(key)
        return self._shift(found, offset) if isinstance(found, int) else found

    def first_index_of(self, spec: str) -> int | None:
        """Return the position, the first one of an ambiguous name, or None.

        :raises UnknownChange: the tag of change@tag does not exist.
        """
        key, offset = split_offset(spec)
        found = self._index_of(key)
        return self._shift(found[0] if isinstance(found, list) else found, offset)

    def _shift(self, index: int | None, offset: int) -> int | None:
        if index is None or not 0 <= index + offset < self._count:
            return None
        return index + offset

    def _index_of(self, key: str) -> int | list[int] | None:
        name, at, tag = key.partition("@")
        if not name:
            return self._single.get(key) if at else None
        indexes = self._names.get(name)
        if indexes is None:
            indexes = [self._single[name]] if name in self._single else None
        if indexes is None:
            return None
        if at:
            limit = self._single.get(f"@{tag}")
            if limit is None:
                raise UnknownChange(
                    f'Unknown tag "@{tag}"', hint="Name a tag that stands in the plan."
                )
            return next((index for index in reversed(indexes) if index <= limit), None)
        return indexes[0] if len(indexes) == 1 else indexes
