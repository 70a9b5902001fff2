"""The formats that other tools read findings in: SARIF 2.1.0, and GitHub's workflow commands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from dsvault import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def sarif(rules: Sequence[Mapping[str, object]], results: Sequence[Mapping[str, object]]) -> str:
    """Return a log with one run of dsvault."""
    driver = {"name": "dsvault", "version": __version__, "rules": rules}
    content = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }
    return json.dumps(content, indent=2, ensure_ascii=False)


def github(level: str, text: str, **properties: object) -> str:
    """Return a workflow command; level is error, warning or notice."""
    named = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{level} {named}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
