"""Transactions of changes that are sent before those ahead of them are answered.

Each change is a transaction of its own, whole or not at all. The server begins none behind one that
fails, so what fails can be tried again, or end the run, as if it had been sent alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from dsvault.ops.failures import StepError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from dsvault.ops.running import Runner
    from dsvault.ops.steps import Step

T = TypeVar("T")


class Convoy(Generic[T]):
    """Changes in the order in which they are asked for. can_join tells which need not go alone."""

    def __init__(
        self,
        runner: Runner,
        changes: Sequence[T],
        can_join: Callable[[T], bool],
        steps: Callable[[T], Sequence[Step]],
    ) -> None:
        self._runner = runner
        self._changes = changes
        self._can_join = can_join
        self._steps = steps
        self._flow: Generator[None] | None = None
        self._sent = 0

    def arrival(self, place: int) -> Callable[[], None] | None:
        """Return what waits until a change is done, or None if it goes alone.

        It raises what Runner.run_many does. Whatever goes alone can, for nothing is under way.
        """
        if not self._can_join(self._changes[place]):
            self.close()
            return None
        if self._flow is None:
            self._flow = self._runner.run_many(self._batches(place))
        return self._wait

    def behind(self, place: int) -> Sequence[T]:
        """Return the changes behind one that were sent: after a cut they may be done too."""
        return self._changes[place + 1 : self._sent]

    def close(self) -> None:
        """End the server's work on what is on its way."""
        if self._flow is not None:
            self._flow.close()
            self._flow = None

    def _wait(self) -> None:
        assert self._flow is not None  # noqa: S101 - arrival has begun it
        try:
            next(self._flow)
        except StepError:
            self._flow, self._sent = None, 0  # nothing behind it was begun
            raise
        except BaseException:
            self._flow = None
            raise

    def _batches(self, start: int) -> Iterator[Sequence[Step]]:
        for place in range(start, len(self._changes)):
            if not self._can_join(self._changes[place]):
                return
            self._sent = place + 1
            yield self._steps(self._changes[place])
