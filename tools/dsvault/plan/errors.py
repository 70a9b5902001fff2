"""What can be wrong with a plan, or with a question about it."""

from __future__ import annotations

from dsvault.errors import DsvaultError
from dsvault.text import printable


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
    """The plan has several changes of this name."""
