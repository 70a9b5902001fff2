"""Our reading of a plan in the form in which real Sqitch's reading is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsvault.plan import PlanError, parse_plan
from dsvault.text import printable

if TYPE_CHECKING:
    from dsvault.plan import Change

# Sqitch says these in words of its own; other errors are Perl's, and we have better words.
SQITCH_WORDS = ("Syntax error in ", "Dependency error", "Missing %project")


def our_answer(plan: bytes) -> dict[str, Any]:
    try:
        read = parse_plan(plan, "PLAN")
    except PlanError as error:
        return {"error": error.message}
    return {"uri": read.uri, "changes": [_values(change) for change in read.changes]}


def _values(change: Change) -> dict[str, Any]:
    return {
        "id": change.id,
        "name": change.name,
        "note": change.note,
        "tags": {tag.name: tag.id for tag in change.tags},
        "rework_tags": [str(tag) for tag in change.rework_tags],
        "dependencies": [dependency.plan_text for dependency in change.dependencies],
    }


def same_answer(ours: dict[str, Any], sqitchs: dict[str, Any]) -> bool:
    """Tell whether both take the plan for the same, or refuse it for the same reason."""
    if "error" not in sqitchs or "error" not in ours:
        return ours == sqitchs
    # Sqitch leaves the place for a project's name that is missing unfilled.
    expected = printable(sqitchs["error"].replace('"{project}"', '""'))
    return not expected.startswith(SQITCH_WORDS) or ours["error"] == expected
