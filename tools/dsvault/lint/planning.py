"""What rules about whole plans share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dsvault.lint.scope import Parsed

PLAN = "%syntax-version=1.0.0\n%project=p\n\na 2026-01-01T00:00:00Z X <x@example.org> # A.\n"
"""A plan of one change, for examples."""


def line_offset(parsed: Parsed, line: int) -> int:
    """Return the byte offset at which a line begins; lines count from 1."""
    lines = parsed.source.data.split(b"\n")
    return sum(len(text) + 1 for text in lines[: max(0, line - 1)])
