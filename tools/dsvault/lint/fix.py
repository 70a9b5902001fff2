"""Corrections that cannot do harm, written into the files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dsvault.errors import DsvaultError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dsvault.lint.findings import Edit, Finding


def apply_fixes(findings: Iterable[Finding]) -> int:
    """Write the edits of the findings into their files; return how many were made.

    :raises DsvaultError: a file cannot be written.
    """
    by_path: dict[str, list[Edit]] = {}
    for finding in findings:
        if finding.edit is not None:
            by_path.setdefault(finding.path, []).append(finding.edit)
    return sum(_edit(Path(path), edits) for path, edits in by_path.items())


def _edit(path: Path, edits: list[Edit]) -> int:
    """Make the edits from the last to the first; of two that overlap, the later one."""
    data = path.read_bytes()
    limit = len(data)
    done = 0
    for edit in sorted(set(edits), key=lambda e: (e.start, e.end), reverse=True):
        if edit.end <= limit:
            data = data[: edit.start] + edit.text.encode() + data[edit.end :]
            limit = edit.start
            done += 1
    try:
        path.write_bytes(data)
    except OSError as error:
        raise DsvaultError(f"Cannot write {path}", detail=error.strerror) from None
    return done
