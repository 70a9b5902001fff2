"""Work ahead of its use: in order, with its errors, and no further than is wanted."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from tests.support.servers import eventually

from dsvault.ahead import ahead

if TYPE_CHECKING:
    from collections.abc import Iterator


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "ahead"]


def test_all_items_come_in_their_order() -> None:
    assert list(ahead(range(100))) == list(range(100))
    assert list(ahead([])) == []
    assert threads() == []


def test_an_error_comes_after_the_items_before_it() -> None:
    def failing() -> Iterator[int]:
        yield 1
        yield 2
        raise ZeroDivisionError

    items = ahead(failing())
    assert [next(items), next(items)] == [1, 2]
    with pytest.raises(ZeroDivisionError):
        next(items)
    assert threads() == []


def test_no_more_is_made_than_fits_and_a_caller_who_stops_ends_it() -> None:
    made: list[int] = []

    def noting() -> Iterator[int]:
        for number in range(1000):
            made.append(number)
            yield number

    items = ahead(noting(), most=2)
    assert next(items) == 0
    eventually(lambda: len(made) == 4)  # one used, two waiting, one at hand
    items.close()  # type: ignore[attr-defined]
    assert len(made) == 4
    assert threads() == []
