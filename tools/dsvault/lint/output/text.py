"""Findings as a person reads them: place, words, the line with a caret, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Finding, Severity
from dsvault.sqlscript.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.lint.run import LintResult


def as_text(result: LintResult) -> str:
    """Return all findings and a last line that counts them."""
    lines = [line for finding in result.findings for line in _lines(finding)]
    return "\n".join([*lines, _summary(result)])


def _lines(finding: Finding) -> Iterator[str]:
    place = f"{finding.path}:{finding.line}:{finding.column}"
    yield f"{place}: {finding.severity}: {finding.message} [{finding.code}]"
    excerpt = Place(finding.path, finding.line, finding.column, finding.source_line).excerpt()
    yield from (f"    {line}" for line in excerpt)
    if finding.fix:
        yield f"    do: {finding.fix}"


def _summary(result: LintResult) -> str:
    scripts = f"{result.files} file{'' if result.files == 1 else 's'}"
    counts = [
        f"{number} {severity}{'' if number == 1 else 's'}"
        for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO)
        if (number := result.count(severity))
    ]
    return f"{scripts}: {', '.join(counts) or 'nothing found'} ({result.rules} rules)"
