"""What a failed example did: as lines that are read again, done again, and made fewer.

No step needs another one, for each names its rows by their places; so any list of them can be done.
"""

from __future__ import annotations

import json
from time import monotonic
from typing import TYPE_CHECKING, Any

from tests.isolation.machine import Machine, Step
from tests.isolation.model import Until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


def written(step: Step) -> str:
    """Return a step as one line."""
    return json.dumps({step.name: step.values}, default=_plain)


def read(text: str) -> list[Step]:
    """Return the steps of lines, whatever stands before them in a line; others are passed over."""
    places = [(line, line.find("{")) for line in text.splitlines()]
    found = [json.loads(line[place:]) for line, place in places if place >= 0]
    return [
        Step(name, {key: _meant(key, value) for key, value in values.items()})
        for [(name, values)] in (list(content.items()) for content in found)
    ]


def _plain(value: Any) -> object:
    return value.name if isinstance(value, Until) else sorted(value)


def _meant(key: str, value: Any) -> object:
    return {"until": Until.__getitem__, "permissions": frozenset}.get(key, lambda same: same)(value)


def repeat(kind: type[Machine], steps: Iterable[Step]) -> str:
    """Do steps in a new example, without those that cannot be done then.

    Returns what differed, or nothing.
    """
    machine = kind()
    rules = {rule.function.__name__: rule for rule in machine.rules}
    try:
        for step in steps:
            rule = rules[step.name]
            if all(condition(machine) for condition in rule.preconditions):
                rule.function(machine, **step.values)
    except AssertionError as error:
        return str(error)
    finally:
        machine.teardown()
    return ""


def shortest(
    steps: Sequence[Step], fails: Callable[[Sequence[Step]], object], seconds: float
) -> list[Step]:
    """Return as few of the steps as are found in that time to fail as well.

    Takes out halves, then quarters, and so on, from the end, until no single one can be spared.
    """
    left, end = list(steps), monotonic() + seconds
    size = -(-len(left) // 2)
    while size:
        before = len(left)
        for start in range(len(left) - 1 - (len(left) - 1) % size, -1, -size):
            if monotonic() > end:
                return left
            fewer = left[:start] + left[start + size :]
            if fails(fewer):
                left = fewer
        if size > 1 or len(left) == before:
            size //= 2
    return left
