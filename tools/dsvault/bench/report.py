"""What came of a benchmark, on which machine, as lines and as JSON."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dsvault import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dsvault.bench.pairs import Comparison


def machine_text() -> str:
    """Return what the machine is: processor, cores, memory, system, Python."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


@dataclass(frozen=True, slots=True)
class Report:
    """The comparisons of one run. `is_judged` says whether bounds count at its size."""

    benchmark: str
    size: Mapping[str, int]
    rounds: int
    comparisons: Sequence[Comparison]
    is_judged: bool
    remarks: Sequence[str] = ()
    at: str = field(default_factory=lambda: datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"))
    machine: str = field(default_factory=machine_text)

    @property
    def missed(self) -> list[str]:
        """The tasks whose ratio is out of its bound; none where bounds do not count."""
        if not self.is_judged:
            return []
        return [comparison.task for comparison in self.comparisons if comparison.missed]

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {
            "benchmark": self.benchmark,
            "version": __version__,
            "at": self.at,
            "machine": self.machine,
            "size": dict(self.size),
            "rounds": self.rounds,
            "comparisons": [comparison.as_json() for comparison in self.comparisons],
            "missed": self.missed,
            "remarks": list(self.remarks),
        }

    def lines(self) -> Iterator[str]:
        """Yield it for people: what was run, a table, and what is to be known."""
        size = ", ".join(f"{number:,} {name}" for name, number in self.size.items())
        yield f"dsvault bench {self.benchmark}, dsvault {__version__}, {self.at}"
        yield self.machine
        yield f"{size}; medians of {self.rounds} rounds, ratios of the same round"
        yield ""
        yield from table(self.comparisons)
        for remark in self.remarks:
            yield ""
            yield remark
        yield ""
        yield self._verdict()

    def _verdict(self) -> str:
        if not self.is_judged:
            return "Bounds are not judged at this size."
        bounded = sum(bool(comparison.bounds) for comparison in self.comparisons)
        if self.missed:
            return f"Out of bounds: {'; '.join(self.missed)}"
        return f"All {bounded} bounds hold." if bounded else "There is no bound."


def table(comparisons: Sequence[Comparison]) -> Iterator[str]:
    """Yield a table, with a new heading wherever other contestants compete."""
    heads: list[list[str]] = []
    rows: list[tuple[int, list[str]]] = []
    for comparison in comparisons:
        head = ["", *comparison.costs]
        if not heads or heads[-1] != head:
            heads.append(head)
        rows.append((len(heads) - 1, _row(comparison)))
    for number, head in enumerate(heads):
        block = [head, *(row for place, row in rows if place == number)]
        widths = [max(len(row[column]) for row in block) for column in range(len(head))]
        if number:
            yield ""
        for row in block:
            cells = [row[0].ljust(widths[0])]
            cells += [text.rjust(width) for text, width in zip(row[1:], widths[1:], strict=True)]
            yield "   ".join(cells).rstrip()


def _row(comparison: Comparison) -> list[str]:
    row = [comparison.task]
    for name in comparison.costs:
        text = f"{number_text(comparison.cost(name))} {comparison.unit}"
        if name != comparison.base:
            text += f"  × {comparison.ratio(name):.2f}"  # noqa: RUF001 - times
        if name in comparison.bounds:
            mark = "!" if name in comparison.missed else ""
            text += f" ({comparison.bounds[name]}{mark})"
        row.append(text)
    return row


def number_text(number: float) -> str:
    """Return a number with three digits that count.

    >>> [number_text(number) for number in (1234.5, 56.78, 4.321)]
    ['1,234', '56.8', '4.32']
    """
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.1f}" if number >= 10 else f"{number:.2f}"
