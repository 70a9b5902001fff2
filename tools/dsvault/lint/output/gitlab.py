"""GitLab's code quality report."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from dsvault.lint.findings import Finding, Severity

if TYPE_CHECKING:
    from dsvault.lint.run import LintResult

_WORDS = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def as_gitlab(result: LintResult) -> str:
    """Return one list; a finding keeps its fingerprint when lines move."""
    seen: dict[str, int] = {}
    return json.dumps([_issue(f, seen) for f in result.findings], indent=2, ensure_ascii=False)


def _issue(finding: Finding, seen: dict[str, int]) -> dict[str, object]:
    text = f"{finding.path} {finding.code} {finding.message} {finding.source_line.strip()}"
    number = seen[text] = seen.get(text, 0) + 1
    mark = hashlib.sha256(f"{text} {number}".encode()).hexdigest()
    return {
        "description": finding.message,
        "check_name": finding.code,
        "fingerprint": mark,
        "severity": _WORDS[finding.severity],
        "location": {"path": finding.path, "lines": {"begin": finding.line}},
    }
