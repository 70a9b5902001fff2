"""Two lists of changes part: the line is named, and what to do about it puts it right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dsvault.plan import Plan, parse_plan
from dsvault.plan.compare import PlanComparison, compare, rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence

LINES = [f"c{n} 2024-05-06T07:00:0{n}Z Ada <ada@x.org> # Note {n}." for n in range(6)]


def plan(lines: Sequence[str], head: str = "%project=toy") -> Plan:
    return parse_plan("\n".join([head, "", *lines, ""]).encode(), "sqitch.plan")


def found(ours: Sequence[str], theirs: Sequence[str] = LINES) -> PlanComparison:
    return compare(rows_of(plan(ours)), rows_of(plan(theirs)))


def test_equal_plans_have_not_parted() -> None:
    same = found(LINES)
    assert (same.common, same.last_common, same.has_diverged) == (6, "c5", False)


def test_what_follows_is_pending_and_what_lacks_is_ahead() -> None:
    assert found(LINES, LINES[:4]).pending == ("c4", "c5")
    behind = found(LINES[:4])
    assert behind.ahead == ("c4", "c5")
    assert not behind.has_diverged
    assert found(LINES, []).pending == tuple(f"c{number}" for number in range(6))


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("Note 2.", "Note two.", "note was 'Note 2.', is 'Note two.'"),
        ("07:00:02Z", "07:00:12Z", "date was '2024-05-06T07:00:02Z', is '2024-05-06T07:00:12Z'"),
        ("c2 ", "c2 [c1] ", "requires was [], is [c1]"),
        ("c2 ", "c2 [!other:x] ", "conflicts was [], is [other:x]"),
    ],
)
def test_an_edited_line_is_told_with_what_it_was(old: str, new: str, what: str) -> None:
    lines = [*LINES[:2], LINES[2].replace(old, new), *LINES[3:]]
    parted = found(lines)
    [item] = parted.differences
    assert (item.kind, item.name, item.line, item.what) == ("edited", "c2", 5, what)
    assert item.do == f"Take back the edit: {LINES[2]}"
    assert (parted.common, parted.last_common) == (2, "c1")


def test_a_line_that_a_merge_put_before_others_is_to_be_moved_behind_them() -> None:
    new = "new 2024-05-06T07:00:09Z Ada <ada@x.org>"
    late = "late 2024-05-06T07:00:10Z Ada <ada@x.org>"
    parted = found([*LINES[:3], new, *LINES[3:], late])
    [item] = parted.differences
    assert (item.kind, item.name, item.line) == ("inserted", "new", 6)
    assert item.do == 'Move the line behind "c5", the last one there.'
    assert parted.pending == ("late",)
    assert not found([*LINES, new, late]).has_diverged


def test_a_line_that_is_gone_is_written_out() -> None:
    [item] = found([*LINES[:2], *LINES[3:]]).differences
    assert (item.kind, item.name, item.line) == ("removed", "c2", None)
    assert item.do == f'Put its line back behind "c1": {LINES[2]}'
    [first] = found(LINES[1:]).differences
    assert first.do.startswith("Put its line back to the beginning: c0 ")


def test_lines_that_changed_places_are_told_as_such() -> None:
    [item] = found([*LINES[:2], LINES[3], LINES[2], *LINES[4:]]).differences
    assert item.kind == "moved"
    assert item.do in ('Move the line back behind "c2".', 'Move the line back behind "c1".')


def test_two_branches_that_both_went_on_are_told_what_lacks() -> None:
    mine = "mine 2024-05-06T07:00:09Z Ada <ada@x.org>"
    parted = found([*LINES[:5], mine], LINES)
    [item] = parted.differences
    assert (item.kind, item.name) == ("removed", "c5")
    assert item.do == f'Put its line back behind "c4": {LINES[5]}'
    assert parted.pending == ("mine",)
    assert not found([*LINES, mine]).has_diverged


def test_another_uri_changes_every_id_and_no_line() -> None:
    parted = compare(rows_of(plan(LINES, "%project=toy\n%uri=http://x.org/")), rows_of(plan(LINES)))
    [item] = parted.differences
    assert "the project's name or URI is another" in item.what


def test_a_note_of_several_lines_is_written_as_a_plan_has_it() -> None:
    line = r"c1 [c0 !other:x] 2024-05-06T07:00:01Z Ada <ada@x.org> # One.\nTwo\\three."
    [item] = found([LINES[0], *LINES[2:]], [LINES[0], line, *LINES[2:]]).differences
    assert item.do.endswith(line)
