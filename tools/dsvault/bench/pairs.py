"""The paired runner: contestants take turns, round after round, and each round gives ratios.

What slows the machine for a while slows all contestants of that round, so the median of the ratios
holds still where the costs themselves do not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    # Does the task once and returns what that cost.
    Contestant = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Bound:
    """The range in which the median ratio to the base should be."""

    least: float = 0.0
    most: float = math.inf

    def holds(self, ratio: float) -> bool:
        """Say whether a ratio is within the bound."""
        return self.least <= ratio <= self.most

    def __str__(self) -> str:
        parts = [f"≥ {self.least:g}"] if self.least else []
        return " and ".join(parts + ([f"≤ {self.most:g}"] if self.most < math.inf else []))


@dataclass(frozen=True, slots=True)
class Task:
    """Something that several contestants do. The first is the base of all ratios.

    `unit` is what costs are counted in. `bounds` are of some contestants' ratios to the base.
    """

    name: str
    unit: str
    contestants: Mapping[str, Contestant]
    bounds: Mapping[str, Bound] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of a task: for each contestant its cost in every round."""

    task: str
    unit: str
    costs: Mapping[str, Sequence[float]]
    bounds: Mapping[str, Bound] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """The contestant that the others are compared with."""
        return next(iter(self.costs))

    def cost(self, name: str) -> float:
        """Return the median cost."""
        return median(self.costs[name])

    def ratios(self, name: str) -> list[float]:
        """Return the ratio to the base in each round."""
        pairs = zip(self.costs[name], self.costs[self.base], strict=True)
        return [cost / base for cost, base in pairs]

    def ratio(self, name: str) -> float:
        """Return the median of the ratios of all rounds."""
        return median(self.ratios(name))

    @property
    def missed(self) -> list[str]:
        """The contestants whose ratio is out of its bound."""
        return [name for name, bound in self.bounds.items() if not bound.holds(self.ratio(name))]

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {
            "task": self.task,
            "unit": self.unit,
            "base": self.base,
            "costs": {name: list(costs) for name, costs in self.costs.items()},
            "ratios": {
                name: {
                    "median": self.ratio(name),
                    "least": min(self.ratios(name)),
                    "most": max(self.ratios(name)),
                }
                for name in self.costs
                if name != self.base
            },
            "bounds": {name: str(bound) for name, bound in self.bounds.items()},
            "missed": self.missed,
        }


def compare(task: Task, rounds: int) -> Comparison:
    """Run each contestant once in every round, in an order that turns from round to round.

    A round before the first is not counted: it fills caches. It is left out where one round is all
    that is asked for, whose figures say little anyway.
    """
    names = list(task.contestants)
    costs: dict[str, list[float]] = {name: [] for name in names}
    for name in names if rounds > 1 else ():
        task.contestants[name]()
    for number in range(rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            costs[name].append(task.contestants[name]())
    return Comparison(task.name, task.unit, costs, task.bounds)


def joined(comparisons: Sequence[Comparison]) -> Comparison:
    """Return the rounds of several comparisons of one task as those of one."""
    first = comparisons[0]
    costs = {
        name: [cost for comparison in comparisons for cost in comparison.costs[name]]
        for name in first.costs
    }
    return Comparison(first.task, first.unit, costs, first.bounds)


def elapsed(function: Callable[[], object]) -> Contestant:
    """Make a contestant of a function: its cost is the time that passes, in milliseconds."""

    def timed() -> float:
        begun = perf_counter()
        function()
        return (perf_counter() - begun) * 1000

    return timed
