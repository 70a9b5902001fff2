"""What a case of a check is."""

from __future__ import annotations

from typing import NamedTuple


class Case(NamedTuple):
    """What to do, which objects are then reported (parts of their names), and what is fine."""

    bad: tuple[str, ...]
    objects: tuple[str, ...]
    good: tuple[str, ...] = ()
