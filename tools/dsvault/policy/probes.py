"""What can be tried on a relation; dsvault.ops.policy makes statements of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from dsvault.policy.model import Command
    from dsvault.policy.sample import Values


@dataclass(frozen=True, slots=True)
class Read:
    """Read every row. is_bounded: only those of the sample, since all rows may be very many."""

    is_bounded: bool = False


@dataclass(frozen=True, slots=True)
class Add:
    """Add one row. or_nothing: it may be there already."""

    values: Values
    or_nothing: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """Change every row that there is to change."""

    values: Values


@dataclass(frozen=True, slots=True)
class Remove:
    """Remove every row that there is to remove, but the one whose column has a value."""

    spared: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Touch:
    """Use a command without touching a row; INSERT and UPDATE name a column."""

    command: Command
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Truncate:
    """Empty the table."""


@dataclass(frozen=True, slots=True)
class Holds:
    """Ask whether a privilege on the table, or on any column of it, is held."""

    privilege: str


Probe: TypeAlias = Read | Add | Change | Remove | Touch | Truncate | Holds
