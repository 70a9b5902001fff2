"""Work that goes on in a thread of its own while what it made before is used. Pure."""

from __future__ import annotations

from queue import Full, Queue
from threading import Event, Thread
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")

_PATIENCE = 0.1


def ahead(items: Iterable[T], most: int = 2) -> Iterator[T]:
    """Yield items that a thread makes, up to so many before they are asked for.

    What the iteration raises is raised here, after the items before it. The thread ends with the
    iteration, or after the item at work when the caller stops.
    """
    made: Queue[tuple[T | None, BaseException | None]] = Queue(most)
    stop = Event()

    def make() -> None:
        try:
            for item in items:
                _put(made, (item, None), stop)
                if stop.is_set():
                    return
        except BaseException as error:  # noqa: BLE001 - it is raised where the items are used
            _put(made, (None, error), stop)
        else:
            _put(made, (None, StopIteration()), stop)

    thread = Thread(target=make, name="ahead", daemon=True)
    thread.start()
    try:
        while True:
            item, error = made.get()
            if isinstance(error, StopIteration):
                return
            if error is not None:
                raise error
            yield item  # type: ignore[misc]
    finally:
        stop.set()
        thread.join()


def _put(queue: Queue[T], item: T, stop: Event) -> None:
    while not stop.is_set():
        try:
            queue.put(item, timeout=_PATIENCE)
        except Full:
            continue
        else:
            return
