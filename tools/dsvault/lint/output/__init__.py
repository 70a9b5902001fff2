"""Findings as text for people, and in the formats of other tools."""

from __future__ import annotations

import importlib
import json
from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity

if TYPE_CHECKING:
    from dsvault.lint.run import LintResult

FORMATS = ("text", "json", "sarif", "github", "gitlab")


def render(result: LintResult, form: str) -> str:
    """Return a result in one of FORMATS, without a final line end."""
    if form == "json":
        content = {"ok": result.worst() in {None, Severity.INFO}, **result.as_json(), "error": None}
        return json.dumps(content, indent=2, ensure_ascii=False)
    rendered: str = getattr(importlib.import_module(f"{__name__}.{form}"), f"as_{form}")(result)
    return rendered
