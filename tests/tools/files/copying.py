"""Read a file and write it again, as an import and an export do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dsvault.crypto import canonical
from dsvault.files import open_sink, open_source

if TYPE_CHECKING:
    from pathlib import Path


def read(path: Path) -> list[Any]:
    """Return the records of a file."""
    with open_source(path) as source:
        return list(source.records())


def copied(path: Path) -> Path:
    """Return a copy that went through the stored form of its records and of its description."""
    with open_source(path) as source:
        stored = [canonical(content) for content in source.records()]
        description = json.loads(json.dumps(source.description()))
    copy = path.with_name(f"copy{path.suffix}")
    copy.unlink(missing_ok=True)
    with open_sink(copy, description) as sink:
        for content in stored:
            sink.write(content)
    return copy
