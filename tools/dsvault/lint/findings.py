"""What a rule finds: a value with its place, its meaning and what to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum


class Severity(IntEnum):
    """How much a finding matters. INFO is matter of style, and off unless asked for."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        """Return the word that users write."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Edit:
    """A safe replacement: the bytes from start to end of the file become text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault. Lines and columns count from 1, columns in characters."""

    path: str
    line: int
    column: int
    code: str
    classes: tuple[str, ...]
    severity: Severity
    message: str
    fix: str | None = None
    source_line: str = field(default="", compare=False)
    edit: Edit | None = field(default=None, compare=False)

    def as_json(self) -> dict[str, object]:
        """Return it with the keys that the output promises; `class` is a list if there are many."""
        classes: object = self.classes[0] if len(self.classes) == 1 else list(self.classes)
        return {
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "code": self.code,
            "class": classes,
            "severity": str(self.severity),
            "message": self.message,
            "fix": self.fix,
        }
