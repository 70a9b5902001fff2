"""Workflow commands, which GitHub shows beside the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity

if TYPE_CHECKING:
    from dsvault.lint.run import LintResult

_WORDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def as_github(result: LintResult) -> str:
    """Return one command a finding."""
    return "\n".join(
        f"::{_WORDS[f.severity]} file={_property(f.path)},line={f.line},col={f.column},"
        f"title={f.code}::{_data(f.message + (' ' + f.fix if f.fix else ''))}"
        for f in result.findings
    )


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
