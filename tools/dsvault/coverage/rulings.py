"""corrections.toml: what of the document does not live in the plan word for word, and why."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from dsvault.coverage.errors import CoverageError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Status(Enum):
    """How an item of the document lives in the plan."""

    SAME = "same"
    TENANT_FIRST = "tenant_first"
    CORRECTED = "corrected"
    COVERED = "covered"
    PLANNED = "planned"


@dataclass(frozen=True, slots=True)
class Reading:
    """How one item is read. `number` is the ruling's; `lives` is a key of the plan's catalog."""

    item: str
    status: Status
    number: int
    why: str = ""
    lives: str | None = None
    """Which object of the plan stands for it; None for the one of its own name."""
    instead: str | None = None
    """In words, what stands for it where that is no single object of the plan."""
    query: str | None = None
    """For a covered index: a query that it was for."""
    plan: str | None = None
    """For a covered index: the line of that query's plan that shows the covering index."""


LAST_RULING = 38
_COMMON = {"ruling", "items"}
_FIELDS = {
    Status.TENANT_FIRST: (_COMMON, _COMMON),
    Status.CORRECTED: (_COMMON | {"why"}, _COMMON | {"why", "lives", "instead"}),
    Status.COVERED: (({"ruling", "item", "by", "query", "plan"},) * 2),
    Status.PLANNED: (_COMMON | {"why"},) * 2,
}


def read_rulings(text: str) -> dict[str, Reading]:
    """Return the readings of corrections.toml by item.

    :raises CoverageError: it is not TOML, an entry has not the fields of its kind, or an item is
        named twice.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CoverageError("corrections.toml cannot be read", detail=str(error)) from error
    readings: dict[str, Reading] = {}
    for kind, entries in document.items():
        for entry in entries:
            for reading in _read_entry(_status(kind), entry):
                if reading.item in readings:
                    raise CoverageError(f"corrections.toml names {reading.item} twice")
                readings[reading.item] = reading
    return readings


def _status(kind: str) -> Status:
    known = [status for status in _FIELDS if status.value == kind]
    if not known:
        names = ", ".join(status.value for status in _FIELDS)
        raise CoverageError(f"corrections.toml has no entries [[{kind}]]", hint=f"Use {names}.")
    return known[0]


def _read_entry(status: Status, entry: dict[str, Any]) -> Iterator[Reading]:
    required, allowed = _FIELDS[status]
    if not required <= entry.keys() <= allowed:
        raise CoverageError(
            f"An entry [[{status.value}]] of corrections.toml has other fields than it should",
            detail=", ".join(sorted(entry)),
            hint=f"Needed: {', '.join(sorted(required))}; allowed: {', '.join(sorted(allowed))}.",
        )
    if entry["ruling"] not in range(1, LAST_RULING + 1):
        raise CoverageError(
            f"corrections.toml names a ruling {entry['ruling']}", hint=f"Name 1 to {LAST_RULING}."
        )
    for item in entry["items"] if "items" in entry else [entry["item"]]:
        yield Reading(
            item,
            status,
            entry["ruling"],
            entry.get("why", ""),
            entry.get("lives") or entry.get("by"),
            entry.get("instead"),
            entry.get("query"),
            entry.get("plan"),
        )
