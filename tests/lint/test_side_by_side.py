"""Is work that processes share done as one would do it alone."""

from __future__ import annotations

import os
import signal

import pytest

from dsvault.errors import DsvaultError
from dsvault.lint.side_by_side import side_by_side


@pytest.mark.parametrize("processes", [1, 2, 3, 7])
def test_results_come_in_order(processes: int) -> None:
    assert side_by_side(lambda number: number * 2, range(11), processes) == list(range(0, 22, 2))


def test_work_is_done_by_other_processes_too() -> None:
    found = side_by_side(lambda _: os.getpid(), range(4), 2)
    assert found[0] == found[2] == os.getpid()
    assert found[1] == found[3] != os.getpid()


@pytest.mark.parametrize("number", [0, 1])
def test_an_error_is_raised_whoever_meets_it(number: int) -> None:
    def fail(item: int) -> str:
        if item == number:
            raise DsvaultError("it is broken")
        return "x" * 1_000_000  # more than a pipe holds

    with pytest.raises(DsvaultError, match="it is broken"):
        side_by_side(fail, range(6), 2)


def test_a_process_that_is_killed_is_told() -> None:
    def kill(item: int) -> int:
        if item == 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return item

    with pytest.raises(DsvaultError, match="ended before it was done"):
        side_by_side(kill, range(4), 2)
