"""Sizes as people write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

# Powers of 1024, as PostgreSQL's settings have them.
_UNITS: Mapping[str, int] = {"B": 0, "kB": 1, "MB": 2, "GB": 3, "TB": 4}
_MOST = 2**63 - 1


class Size(click.ParamType[int]):
    """A size in bytes, or with a unit of PostgreSQL: 500MB, 10GB, 2TB."""

    name = "size"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return bytes."""
        if isinstance(value, int):
            return value
        match = re.fullmatch(r"(\d+)\s*([a-zA-Z]*)", str(value).strip())
        power = _UNITS.get((match[2] or "B") if match else "")
        if match is None or power is None or int(match[1]) << 10 * power > _MOST:
            self.fail(f"{value} is no size such as 500MB, 10GB or 2TB.", param, ctx)
        return int(match[1]) << 10 * power


def in_bytes(size: int) -> str:
    """Return a size with the largest unit that leaves a whole number.

    >>> in_bytes(10 * 1024**3), in_bytes(1500), in_bytes(0)
    ('10 GB', '1,500 bytes', '0 bytes')
    """
    for unit in ("TB", "GB", "MB", "kB"):
        count, rest = divmod(size, 1 << 10 * _UNITS[unit])
        if count and not rest:
            return f"{count:,} {unit}"
    return f"{size:,} bytes"
