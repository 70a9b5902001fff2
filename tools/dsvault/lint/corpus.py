"""A corpus of scripts: files with a planted fault each, and clean ones that look like faults.

A case is a file, or a folder with a project. The line with the fault ends in `-- FAULT class`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NEAR = 3
"""Lines between a fault and the finding that names it."""
_MARK = re.compile(r"-- FAULT (\S+)")


@dataclass(frozen=True, slots=True)
class Fault:
    """A planted fault: where it stands, and which class it is of."""

    case: Path
    path: Path
    line: int
    fault_class: str


def cases(folder: Path) -> list[Path]:
    """Return the files and projects below a folder."""
    projects = {path.parent for path in folder.rglob("sqitch.plan")}
    projects |= {path.parent for path in folder.rglob("migrations")}
    inside = {path for project in projects for path in project.rglob("*")}
    return sorted(projects | {p for p in folder.rglob("*.sql") if p not in inside})


def files_of(case: Path) -> list[Path]:
    """Return the files of a case."""
    return [case] if case.is_file() else sorted(p for p in case.rglob("*") if p.is_file())


def faults(folder: Path) -> Iterator[Fault]:
    """Yield the planted faults below a folder."""
    for case in cases(folder):
        for path in files_of(case):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                for match in _MARK.finditer(line):
                    yield Fault(case, path, number, match[1])
