"""The errors that the toolkit reports: what was found, what was expected, what to do next."""

from __future__ import annotations


class DsvaultError(Exception):
    """Something went wrong that the toolkit can explain.

    The class docstring's first line is the default message. Neither message, detail nor hint ever
    holds a password or a key. `exit_code` is the process's exit status.
    """

    exit_code = 2

    def __init__(
        self, message: str | None = None, *, detail: str | None = None, hint: str | None = None
    ) -> None:
        self.message = message or (type(self).__doc__ or "").strip().splitlines()[0]
        self.detail = detail
        self.hint = hint
        super().__init__(self.message)

    def lines(self) -> list[str]:
        """Return the report as lines without line ends: message, then detail, then hint."""
        report = [self.message]
        if self.detail:
            report += [
                f"  found: {line}" if not i else f"         {line}"
                for i, line in enumerate(self.detail.splitlines())
            ]
        if self.hint:
            report += [
                f"  do:    {line}" if not i else f"         {line}"
                for i, line in enumerate(self.hint.splitlines())
            ]
        return report
