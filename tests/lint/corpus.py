"""The corpus: files with a planted fault each, and clean ones that look like faults.

A case is a file, or a folder with a project. The line with the fault ends in `-- FAULT class`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parent / "corpus"
NEAR = 3  # lines between a fault and the finding that names it
_MARK = re.compile(r"-- FAULT (\S+)")


@dataclass(frozen=True)
class Fault:
    """A planted fault: where it stands, and which class it is of."""

    case: Path
    path: Path
    line: int
    fault_class: str

    @property
    def name(self) -> str:
        """The case's path below the corpus."""
        return str(self.case.relative_to(ROOT / "faults"))


def cases(below: Path) -> list[Path]:
    """Return the files and projects below a folder."""
    projects = {path.parent for path in below.rglob("sqitch.plan")}
    projects |= {path.parent for path in below.rglob("migrations")}
    inside = {path for project in projects for path in project.rglob("*")}
    return sorted(projects | {p for p in below.rglob("*.sql") if p not in inside})


def faults() -> list[Fault]:
    """Return all planted faults."""
    return [fault for case in cases(ROOT / "faults") for fault in _faults_of(case)]


def _faults_of(case: Path) -> Iterable[Fault]:
    files = [case] if case.is_file() else sorted(p for p in case.rglob("*") if p.is_file())
    for path in files:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for match in _MARK.finditer(line):
                yield Fault(case, path, number, match[1])


def clean_cases() -> list[Path]:
    """Return the clean files and projects."""
    return cases(ROOT / "clean")
