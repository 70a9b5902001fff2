"""What a benchmark is, and what it is given to work with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsvault.errors import DsvaultError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dsvault.bench.pairs import Comparison


class BenchmarkError(DsvaultError):
    """The benchmark cannot be run as asked."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a benchmark was asked for. `say` tells a person what is going on.

    `pg` is a major version of the embedded server or a bin directory, None the newest.
    """

    size: Mapping[str, int]
    rounds: int
    say: Callable[[str], None]
    pg: str | None = None


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One benchmark. The first of `sizes` is the default, and the one that bounds are meant for.

    `explains` says what is compared with what, and how the cost is taken.
    """

    explains: str
    sizes: Mapping[str, Mapping[str, int]]
    rounds: int
    run: Callable[[Work], Sequence[Comparison]]

    def size(self, name: str | None, changes: Mapping[str, int]) -> Mapping[str, int]:
        """Return the numbers of a size with some of them changed.

        :raises BenchmarkError: there is no such size or number.
        """
        chosen = name or next(iter(self.sizes))
        if chosen not in self.sizes:
            raise BenchmarkError(
                f"There is no size {chosen}", hint=f"Choose one of: {', '.join(self.sizes)}."
            )
        numbers = self.sizes[chosen]
        unknown = [key for key in changes if key not in numbers]
        if unknown:
            raise BenchmarkError(
                f"The size has no number {unknown[0]}", hint=f"It has: {', '.join(numbers)}."
            )
        return {**numbers, **changes}

    def judges(self, size: Mapping[str, int]) -> bool:
        """Say whether bounds count at this size: they are meant for the first one as it is."""
        return dict(size) == dict(next(iter(self.sizes.values())))
