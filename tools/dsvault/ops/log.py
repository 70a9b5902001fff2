"""Read the history of a database.

log(target: Target, wanted: EventFilter = ALL_EVENTS) -> LogResult
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsvault.db import connect
from dsvault.errors import DsvaultError
from dsvault.model import EventFilter
from dsvault.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsvault.model import LoggedEvent
    from dsvault.target import Target


@dataclass(frozen=True, slots=True)
class LogResult:
    """The events that were asked for, in the order that was asked for."""

    target: str
    events: Sequence[LoggedEvent]

    def as_json(self) -> dict[str, object]:
        """Return the result as one JSON object."""
        return {"target": self.target, "events": [event.as_json() for event in self.events]}


ALL_EVENTS = EventFilter()


class NoEventsError(DsvaultError):
    """Nothing was ever logged."""

    exit_code = 1


def log(target: Target, wanted: EventFilter = ALL_EVENTS) -> LogResult:
    """Return events of all projects of a database.

    :raises NoEventsError: there is no registry, or no event in it at all.
    :raises DsvaultError: a pattern is not valid, the database cannot be reached.
    """
    with connect(target, application_name="dsvault log") as session:
        registry = Registry(session)
        if registry.load() is None:
            raise NoEventsError(f"Database {target.display} has not been initialized for Sqitch")
        if not registry.events(EventFilter(max_count=1)):
            raise NoEventsError(f"No events logged for {target.display}")
        found = registry.events(wanted)
    return LogResult(target.display, found)
