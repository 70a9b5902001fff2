"""Findings as text for people, and in the formats of other tools."""

from __future__ import annotations

import importlib
import json
from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.text import printable, printable_json

if TYPE_CHECKING:
    from dsvault.lint.run import LintResult

FORMATS = ("text", "json", "sarif", "github", "gitlab")
_JSON = ("sarif", "gitlab")


def render(result: LintResult, form: str) -> str:
    """Return a result in one of FORMATS, without a final line end, safe to show on a terminal."""
    if form == "json":
        content = {"ok": result.worst() in {None, Severity.INFO}, **result.as_json(), "error": None}
        return printable_json(json.dumps(content, indent=2, ensure_ascii=False))
    rendered: str = getattr(importlib.import_module(f"{__name__}.{form}"), f"as_{form}")(result)
    return printable_json(rendered) if form in _JSON else printable(rendered)
