"""SARIF 2.1.0, which code hosts read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.foreign_formats import sarif
from dsvault.lint.findings import Finding, Severity
from dsvault.lint.rules import all_rules

if TYPE_CHECKING:
    from dsvault.lint.run import LintResult

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def as_sarif(result: LintResult) -> str:
    """Return one run with the rules that found something."""
    codes = {finding.code for finding in result.findings}
    rules: list[dict[str, object]] = [
        {
            "id": rule.code,
            "name": type(rule).__name__,
            "shortDescription": {"text": rule.title()},
            "properties": {"tags": list(rule.classes)},
        }
        for rule in all_rules()
        if rule.code in codes
    ]
    return sarif(rules, [_result(finding) for finding in result.findings])


def _result(finding: Finding) -> dict[str, object]:
    text = f"{finding.message}. {finding.fix}" if finding.fix else finding.message
    region = {"startLine": finding.line, "startColumn": finding.column}
    place = {"artifactLocation": {"uri": finding.path.replace("\\", "/")}, "region": region}
    return {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": {"text": text},
        "locations": [{"physicalLocation": place}],
    }
