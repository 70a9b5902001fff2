"""Workflow commands, which GitHub shows beside the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.foreign_formats import github
from dsvault.lint.findings import Severity

if TYPE_CHECKING:
    from dsvault.lint.run import LintResult

_WORDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def as_github(result: LintResult) -> str:
    """Return one command a finding."""
    return "\n".join(
        github(
            _WORDS[f.severity],
            f"{f.message}. {f.fix}" if f.fix else f.message,
            file=f.path,
            line=f.line,
            col=f.column,
            title=f.code,
        )
        for f in result.findings
    )
