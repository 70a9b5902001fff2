"""The lines of a plan file as they are written back: what was read, in the form Sqitch gives it.

Blanks at the edges, operators and comments stay. What stands between a change's name and its note
is written anew, line ends become LF, and the version of the syntax comes first if it was missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from dsvault.plan import grammar
from dsvault.plan.ids import is_true
from dsvault.plan.model import Tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dsvault.plan.model import Change, Dependency, Plan

SYNTAX_VERSION = "1.0.0"
_VERSION_LINE = f"%syntax-version={SYNTAX_VERSION}"


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its end. number counts the lines of the file that was read, from 1."""

    kind: Literal["pragma", "blank", "entry"]
    text: str
    number: int = 0


def written_lines(data: bytes, plan: Plan) -> list[Line]:
    """Return the lines of a plan file, `data`, from which `plan` was read."""
    lines = []
    entries: dict[int, Change | Tag] = {change.line: change for change in plan.changes}
    entries |= {tag.line: tag for tag in plan.tags}
    in_header = True
    has_version = False
    for number, text in enumerate(grammar.split_lines(data.decode()), 1):
        comment = grammar.comment_of(text)
        if comment is not None:
            lines.append(Line("blank", _blank_text(text, comment), number))
            in_header = in_header and is_true(comment)
        elif in_header:
            pragma, is_version = _pragma_text(text)
            has_version = has_version or is_version
            lines.append(Line("pragma", pragma, number))
        else:
            lines.append(Line("entry", _entry_text(text, entries[number]), number))
    return lines if has_version else [Line("pragma", _VERSION_LINE), *lines]


def change_text(name: str, dependencies: Sequence[Dependency], date: str, planner: str) -> str:
    """Return the line of a new change, without its note."""
    return f"{name} {_content(dependencies, date, planner)}"


def note_text(note: str) -> str:
    """Return a note as it stands at the end of a line; nothing for none."""
    return f"# {grammar.encode_note(note)}" if note else ""


def format_dependencies(dependencies: Sequence[Dependency]) -> str:
    """Return the list in brackets, or nothing if there is none."""
    joined = " ".join(dependency.plan_text for dependency in dependencies)
    return f"[{joined}]" if is_true(joined) else ""


def head_length(lines: Sequence[Line]) -> int:
    """Return the number of lines up to the first empty one, included."""
    return next((i for i, line in enumerate(lines, 1) if not line.text.strip()), len(lines))


def _content(dependencies: Sequence[Dependency], date: str, planner: str) -> str:
    return " ".join(_true_parts(format_dependencies(dependencies), date, planner))


def _true_parts(*parts: str) -> Iterator[str]:
    return (part for part in parts if part)


def _blank_text(text: str, comment: str) -> str:
    indent = text[: len(text) - len(text.lstrip(grammar.BLANKS))]
    return indent + note_text(comment)


def _pragma_text(text: str) -> tuple[str, bool]:
    """Return a pragma's line, and whether it tells the version, which becomes the current one."""
    content, gap, note = _split(text)
    parts = grammar.match_pragma(content) or {}
    is_version = parts["name"] == "syntax-version"
    value = SYNTAX_VERSION if is_version else parts.get("value", "").rstrip(grammar.SPACES)
    start = f"{parts['lead']}{parts['name']}{parts.get('equals', '')}"
    # A pragma's note is not decoded when it is read; yet it is encoded when it is written.
    return f"{start}{value}{gap}{note_text(note)}", is_version


def _entry_text(text: str, entry: Change | Tag) -> str:
    content, gap, _ = _split(text)
    parts = grammar.match_entry(content)
    note = note_text(entry.note)
    if isinstance(entry, Tag):
        return f"{parts['lead']}{entry} {entry.date} {entry.planner}{gap}{note}"
    operator = parts.get("operator", "") + parts.get("gap", "")
    rest = _content(entry.dependencies, entry.date, entry.planner)
    return f"{parts['lead']}{operator}{entry.name}{parts['space'] or ' '}{rest}{gap}{note}"


def _split(text: str) -> tuple[str, str, str]:
    """Split a line into content, the blanks behind it, and the raw note."""
    content, _ = grammar.split_note(text)
    rest = text[len(content) :]
    note = rest.lstrip(grammar.BLANKS)
    return content, rest[: len(rest) - len(note)], note[1:].lstrip(grammar.BLANKS)
