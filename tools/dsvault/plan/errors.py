"""What can be wrong with a plan, or with a question about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.errors import DsvaultError
from dsvault.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence


class PlanError(DsvaultError):
    """The plan is not valid.

    `line` is where, counted from 1, if it is one line's fault. Control characters that the plan has
    are made visible.
    """

    def __init__(
        self,
        message: str,
        *,
        line: int | None = None,
        detail: str | None = None,
        hint: str | None = None,
    ) -> None:
        self.line = line
        super().__init__(
            printable(message), detail=printable(detail) if detail else None, hint=hint
        )


class UnknownChange(DsvaultError):  # noqa: N818 - reads as the finding that it is
    """The plan has no such change."""


class AmbiguousChange(DsvaultError):  # noqa: N818 - see above
    """Several changes have the name. candidates are unambiguous names for each of them."""

    def __init__(self, spec: str, candidates: Sequence[str], ending: str) -> None:
        self._candidates = tuple(map(printable, candidates))
        self._ending = ending
        super().__init__(
            printable(f'Change "{spec}" is ambiguous. Please specify a tag-qualified change:'),
            detail="\n".join(self._candidates),
            hint=f"Write for example {self._candidates[0]}.",
        )

    def lines(self) -> list[str]:
        """Return the report as Sqitch writes it."""
        return [self.message, *(f"  * {name}" for name in self._candidates), self._ending]
