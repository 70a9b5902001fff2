"""Work shared out among processes that are forked for it. Their start costs next to nothing."""

from __future__ import annotations

import contextlib
import os
import pickle
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from dsvault.errors import DsvaultError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
R = TypeVar("R")


def side_by_side(function: Callable[[T], R], items: Sequence[T], processes: int) -> list[R]:
    """Return what the function makes of each item, in order; every process takes its share.

    This process takes the first share. What is returned has to be such that it can be pickled.

    :raises DsvaultError: a process ended before it was done; else whatever the function raises.
    """
    shares = [items[number::processes] for number in range(processes)]
    children = [_fork(function, share) for share in shares[1:]]
    with contextlib.ExitStack() as ends:
        for process, _ in children:
            ends.callback(os.waitpid, process, 0)
        for _, pipe in children:  # closed first, so that nobody waits to be read
            ends.enter_context(pipe)
        found = [list(map(function, shares[0])), *(_result(pipe) for _, pipe in children)]
    return [found[number % processes][number // processes] for number in range(len(items))]


def _fork(function: Callable[[T], R], share: Sequence[T]) -> tuple[int, BinaryIO]:
    """Start a process; return it, and the pipe that its result comes through."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, os.fdopen(reading, "rb")
    try:
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(_made(function, share))
    finally:
        os._exit(0)  # nothing of what the other process has begun is ended twice


def _made(function: Callable[[T], R], share: Sequence[T]) -> bytes:
    try:
        return pickle.dumps((list(map(function, share)), None))
    except Exception as error:  # noqa: BLE001 - it is raised in the other process
        return pickle.dumps((None, error))


def _result(pipe: BinaryIO) -> list[R]:
    content = pipe.read()
    if not content:
        raise DsvaultError("A process ended before it was done", hint="Is there memory enough?")
    found: list[R]
    found, error = pickle.loads(content)  # noqa: S301 - from a process of our own
    if error is not None:
        raise error
    return found
