"""Judges what came of a cell's statement against what the matrix declares. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from dsvault.policy.cells import Expect
from dsvault.policy.conditions import Row
from dsvault.policy.probes import Add, Change, Holds, Read, Remove

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dsvault.policy.cells import Cell
    from dsvault.policy.model import Table
    from dsvault.policy.probes import Probe
    from dsvault.policy.sample import Sample

# What the server says where a privilege is missing, and where WITH CHECK refuses a row.
REFUSED = "42501"

Fields: TypeAlias = "tuple[str | None, ...]"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the server said when it refused a statement."""

    sqlstate: str
    message: str

    def __str__(self) -> str:
        return f"refused ({self.sqlstate}): {self.message}"


@dataclass(frozen=True, slots=True)
class Seen:
    """A row of the sample as who sees all saw it; version changes with every UPDATE."""

    row: Row
    version: Fields


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a statement: rows or a refusal, and the sample before and after it, by key.

    is_entry: what was refused is dsvault.enter(). counted are the rows that UPDATE or DELETE
    reached, those outside of the sample among them; None if nobody counted.
    """

    refusal: Refusal | None = None
    is_entry: bool = False
    rows: Sequence[Fields] = ()
    before: Mapping[Fields, Seen] = field(default_factory=dict)
    after: Mapping[Fields, Seen] = field(default_factory=dict)
    counted: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was expected and what was seen, in words, and whether that is the same."""

    passed: bool
    expected: str
    seen: str


_ENTRY = "dsvault.enter() lets the user in"
_THERE = "adds no row, since there is one"


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges one cell on the sample. table is None for a relation that must be closed."""

    cell: Cell
    table: Table | None
    sample: Sample

    def judge(self, probe: Probe, answer: Answer) -> Verdict:
        """Return the verdict on one probe's answer."""
        if answer.is_entry:
            return Verdict(passed=False, expected=_ENTRY, seen=str(answer.refusal))
        if isinstance(probe, Holds):
            held = answer.refusal is None and answer.rows[0][0] == "t"
            return Verdict(not held, "not held", "held" if held else "not held")
        if self.cell.expect is not Expect.ROWS:
            return _compared(self.cell.expect is Expect.REFUSED, answer.refusal, "allowed")
        return self._judge_rows(probe, answer)

    def _judge_rows(self, probe: Probe, answer: Answer) -> Verdict:
        if isinstance(probe, Read):
            return self._read(answer)
        if isinstance(probe, Add):
            return self._added(probe, answer)
        if isinstance(probe, Change):
            return self._changed(probe, answer)
        return self._removed(probe if isinstance(probe, Remove) else Remove(), answer)

    def _read(self, answer: Answer) -> Verdict:
        places = [self.cell.relation.columns.index(column) for column in self.cell.relation.key]
        found = {tuple(fields[place] for place in places) for fields in answer.rows}
        return self._same_rows("reads", self._reached(answer), found, answer)

    def _added(self, probe: Add, answer: Answer) -> Verdict:
        actor = self.cell.case.actor(self.sample)
        values = self.sample.trial(self.cell.table).implied | probe.values
        row = Row(values.get(self._tenant, actor.tenant), values)
        added = len(set(answer.after) - set(answer.before))
        allowed = _THERE if probe.or_nothing else "adds 1 row"
        seen = f"adds {_rows(added)}" if added or not probe.or_nothing else _THERE
        is_refused = not self.cell.bounds.check.holds(actor, row)
        return _compared(is_refused, answer.refusal, allowed, seen)

    def _changed(self, probe: Change, answer: Answer) -> Verdict:
        actor = self.cell.case.actor(self.sample)
        wanted, found = self._reached(answer), _touched(answer)
        for key in wanted:
            values = {**answer.before[key].row.values, **probe.values}
            if not self.cell.bounds.check.holds(actor, Row(values[self._tenant], values)):
                seen = f"changes {self._told(found, answer)}"
                return _compared(True, answer.refusal, "", seen)  # noqa: FBT003
        return self._same_rows("changes", wanted, found, answer)

    def _removed(self, probe: Remove, answer: Answer) -> Verdict:
        wanted = self._reached(answer)
        if probe.spared is not None:
            column, value = probe.spared
            wanted = {key for key in wanted if answer.before[key].row.values[column] != value}
        return self._same_rows("removes", wanted, _touched(answer), answer)

    @property
    def _tenant(self) -> str:
        return self.table.tenant_column if self.table else ""

    def _reached(self, answer: Answer) -> set[Fields]:
        """Return the keys of the rows that the command has to reach."""
        actor, bounds = self.cell.case.actor(self.sample), self.cell.bounds
        return {
            key
            for key, seen in answer.before.items()
            if bounds.condition.holds(actor, seen.row)
            and (bounds.visible is None or bounds.visible.holds(actor, seen.row))
        }

    def _same_rows(
        self, verb: str, wanted: set[Fields], found: set[Fields], answer: Answer
    ) -> Verdict:
        """Compare sets of rows; whoever reached rows outside of the sample has failed."""
        expected = f"{verb} {self._told(wanted, answer)}"
        if answer.refusal:
            return Verdict(passed=False, expected=expected, seen=str(answer.refusal))
        seen = f"{verb} {self._told(found, answer)}"
        beyond = (len(found) if answer.counted is None else answer.counted) - len(found)
        if beyond > 0:
            return Verdict(False, expected, f"{seen}, and reaches {_rows(beyond)} more")  # noqa: FBT003
        return Verdict(wanted == found, expected, seen)

    def _told(self, keys: set[Fields], answer: Answer) -> str:
        labels = []
        for key in keys:
            seen = answer.before.get(key)
            labels.append(self.sample.label(key, seen.row.tenant if seen else None))
        return f"{_rows(len(keys))}{': ' if keys else ''}{', '.join(sorted(labels))}"


def _touched(answer: Answer) -> set[Fields]:
    """Return the keys of rows that are gone or have another version."""
    return {
        key
        for key, seen in answer.before.items()
        if key not in answer.after or answer.after[key].version != seen.version
    }


def _compared(is_refused: bool, refusal: Refusal | None, allowed: str, seen: str = "") -> Verdict:  # noqa: FBT001
    """Compare what must come, a refusal or else allowed, with what came."""
    expected = f"refused ({REFUSED})" if is_refused else allowed
    if refusal is not None:
        is_same = is_refused and refusal.sqlstate == REFUSED
        return Verdict(is_same, expected, expected if is_same else str(refusal))
    seen = seen or allowed
    return Verdict(seen == expected, expected, seen)


def _rows(count: int) -> str:
    return f"{count or 'no'} row{'s' if count > 1 else ''}"
