"""What `dsvault doctor` found, in the formats that other tools read.

A finding has no line in a file: its place is the object, and the page that explains its check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.checks import MATRIX
from dsvault.foreign_formats import github, sarif

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.checks import Check, Finding
    from dsvault.ops.doctor import Diagnosis

_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_WORDS = {"error": "error", "warning": "warning", "info": "notice"}


def in_format(found: Diagnosis, form: str) -> Iterator[str]:
    """Yield the lines of a diagnosis as SARIF or as GitHub's commands."""
    checks = {check.code: check for check in found.checks}
    if form == "github":
        for finding in found.findings:
            text = f"{finding.object}: {finding.detail}\n{finding.remedy}"
            page = _page(checks.get(finding.code))
            yield github(_WORDS[finding.level], text, file=page, title=finding.code)
        return
    codes = {finding.code for finding in found.findings}
    rules = [_rule(check) for check in found.checks if check.code in codes]
    results = [_result(finding, checks.get(finding.code)) for finding in found.findings]
    yield from sarif(rules, results).splitlines()


def _page(check: Check | None) -> str:
    """Return the file that says what a check finds."""
    if check is None or check is MATRIX or check.code == MATRIX.code:
        return "sql/policies/matrix.toml"
    return f"sql/checks/{check.code.removeprefix('C')}_{check.name}.sql"


def _rule(check: Check) -> dict[str, object]:
    return {
        "id": check.code,
        "name": check.name,
        "shortDescription": {"text": f"Finds {check.finds}"},
        "fullDescription": {"text": check.why},
    }


def _result(finding: Finding, check: Check | None) -> dict[str, object]:
    place = {"artifactLocation": {"uri": _page(check)}, "region": {"startLine": 1}}
    return {
        "ruleId": finding.code,
        "level": _LEVELS[finding.level],
        "message": {"text": f"{finding.object}: {finding.detail}\n{finding.remedy}"},
        "locations": [
            {
                "physicalLocation": place,
                "logicalLocations": [{"fullyQualifiedName": finding.object}],
            }
        ],
        "partialFingerprints": {"dsvault/v1": finding.key},
    }
