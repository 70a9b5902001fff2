"""Where two lists of changes part: a plan and what is deployed, or two versions of a plan.

Each ID holds the ID of the change before it, so one edited line changes all IDs after it. Here the
lines are compared without that, so that only what was really edited, inserted, removed or moved is
named, with what to do about it. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dsvault.plan.model import Plan

_FIELDS = ("requires", "conflicts", "date", "planner", "note")


@dataclass(frozen=True, slots=True)
class Row:
    """One change of either side. line counts from 1; None where there is no file."""

    id: str
    name: str
    requires: tuple[str, ...]
    conflicts: tuple[str, ...]
    planner: str
    date: str
    note: str
    line: int | None = None

    @property
    def content(self) -> tuple[object, ...]:
        """All that its own line says."""
        return self.name, *(getattr(self, field) for field in _FIELDS)

    def text(self) -> str:
        """Return the line of a plan that says the same."""
        dependencies = [*self.requires, *(f"!{text}" for text in self.conflicts)]
        bracket = f" [{' '.join(dependencies)}]" if dependencies else ""
        note = self.note.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
        comment = f" # {note}" if note else ""
        return f"{self.name}{bracket} {self.date} {self.planner}{comment}"


@dataclass(frozen=True, slots=True)
class Difference:
    """One change that is not the same on both sides. kind: edited, inserted, removed, moved."""

    kind: str
    name: str
    line: int | None
    what: str
    do: str

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {
            "kind": self.kind,
            "name": self.name,
            "line": self.line,
            "what": self.what,
            "do": self.do,
        }


@dataclass(frozen=True, slots=True)
class PlanComparison:
    """What came of it. common counts the changes that agree, from the first one on.

    pending are ours behind all that both have, ahead theirs where ours has ended; neither is a
    divergence.
    """

    common: int
    last_common: str | None
    differences: tuple[Difference, ...]
    pending: tuple[str, ...]
    ahead: tuple[str, ...]

    @property
    def has_diverged(self) -> bool:
        """Whether something is not the same where both sides have something."""
        return bool(self.differences)


def rows_of(plan: Plan) -> list[Row]:
    """Return a plan's changes."""
    return [
        Row(
            change.id,
            change.name,
            tuple(map(str, change.requires)),
            tuple(map(str, change.conflicts)),
            change.planner,
            change.date,
            change.note,
            change.line,
        )
        for change in plan.changes
    ]


def compare(ours: Sequence[Row], theirs: Sequence[Row]) -> PlanComparison:
    """Compare our plan with what is there."""
    common = _common(ours, theirs)
    last = ours[common - 1].name if common else None
    left, right = theirs[common:], ours[common:]
    if not left or not right:
        pending = tuple(row.name for row in right)
        ahead = tuple(row.name for row in left)
        return PlanComparison(common, last, (), pending, ahead)
    parts = _Parts(left, right, last)
    found = tuple(parts.differences())
    if not found:
        found = (_whole(right[0]),)
    pending = tuple(row.name for row in parts.appended)
    return PlanComparison(common, last, found, pending, ())


def _common(ours: Sequence[Row], theirs: Sequence[Row]) -> int:
    pairs = enumerate(zip(ours, theirs, strict=False))
    shorter = min(len(ours), len(theirs))
    return next((i for i, (one, other) in pairs if one.id != other.id), shorter)


def _whole(row: Row) -> Difference:
    """Return what it means that all lines agree and no ID does."""
    return Difference(
        "edited",
        row.name,
        row.line,
        "every line is the same, yet the IDs differ: the project's name or URI is another",
        "Compare %project and %uri at the head of the plan.",
    )


class _Parts:
    """Both sides behind what is common: theirs left, ours right."""

    def __init__(self, left: Sequence[Row], right: Sequence[Row], last: str | None) -> None:
        self._left = left
        self._last = last
        self.removed: list[Row] = []
        self.inserted: list[Row] = []
        self.edited: list[tuple[Row, Row]] = []
        matcher = SequenceMatcher(
            None, [row.content for row in left], [row.content for row in right], autojunk=False
        )
        for code, i, j, k, m in matcher.get_opcodes():
            if code != "equal":
                self._take(left[i:j], right[k:m])
        # What follows the last line that both have is not at odds with the other side.
        new = {id(row) for row in self.inserted}
        self.appended = list(takewhile(lambda row: id(row) in new, reversed(right)))[::-1]
        self.inserted = self.inserted[: len(self.inserted) - len(self.appended)]

    def _take(self, left: Sequence[Row], right: Sequence[Row]) -> None:
        names = {row.name: row for row in right}
        paired = {row.name for row in left} & set(names)
        self.edited += [(row, names[row.name]) for row in left if row.name in paired]
        self.removed += [row for row in left if row.name not in paired]
        self.inserted += [row for row in right if row.name not in paired]

    def differences(self) -> Iterator[Difference]:
        """Yield them in our plan's order; those that only they have come last."""
        moved = {row.content: row for row in self.removed}
        found = [_edit(old, new) for old, new in self.edited]
        for row in self.inserted:
            old = moved.pop(row.content, None)
            found.append(self._insertion(row) if old is None else self._move(row, old))
        found.sort(key=lambda item: (item.line is None, item.line))
        yield from found
        yield from (self._removal(row) for row in self.removed if row.content in moved)

    def _insertion(self, row: Row) -> Difference:
        return Difference(
            "inserted",
            row.name,
            row.line,
            "is not there, and stands before changes that are",
            f'Move the line behind "{self._left[-1].name}", the last one there.',
        )

    def _removal(self, row: Row) -> Difference:
        before = self._before(row)
        return Difference(
            "removed",
            row.name,
            None,
            "is there, and not in this plan",
            f"Put its line back {before}: {row.text()}",
        )

    def _move(self, row: Row, old: Row) -> Difference:
        return Difference(
            "moved",
            row.name,
            row.line,
            "stands at another place there",
            f"Move the line back {self._before(old)}.",
        )

    def _before(self, row: Row) -> str:
        position = next(i for i, other in enumerate(self._left) if other is row)
        name = self._left[position - 1].name if position else self._last
        return f'behind "{name}"' if name else "to the beginning"


def _edit(old: Row, new: Row) -> Difference:
    changes = [
        f"{field} was {_shown(getattr(old, field))}, is {_shown(getattr(new, field))}"
        for field in _FIELDS
        if getattr(old, field) != getattr(new, field)
    ]
    return Difference(
        "edited",
        new.name,
        new.line,
        "; ".join(changes),
        f"Take back the edit: {old.text()}",
    )


def _shown(value: str | tuple[str, ...]) -> str:
    return repr(value) if isinstance(value, str) else f"[{' '.join(value)}]"
