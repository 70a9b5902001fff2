"""Findings as text for people, and in the formats of other tools."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.output.github import as_github
from dsvault.lint.output.gitlab import as_gitlab
from dsvault.lint.output.sarif import as_sarif
from dsvault.lint.output.text import as_text

if TYPE_CHECKING:
    from dsvault.lint.run import LintResult

FORMATS = ("text", "json", "sarif", "github", "gitlab")


def render(result: LintResult, form: str) -> str:
    """Return a result in one of FORMATS, without a final line end."""
    if form == "json":
        content = {"ok": result.worst() in {None, Severity.INFO}, **result.as_json(), "error": None}
        return json.dumps(content, indent=2, ensure_ascii=False)
    return {"sarif": as_sarif, "github": as_github, "gitlab": as_gitlab, "text": as_text}[form](
        result
    )
