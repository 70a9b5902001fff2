"""Write plans: new changes, reworked changes, tags, and excerpts, to the byte as Sqitch does.

Pure: takes the bytes of a plan file and returns those of the new one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from dsvault.plan import grammar
from dsvault.plan.errors import PlanError
from dsvault.plan.ids import is_true
from dsvault.plan.lines import (
    Line,
    change_text,
    format_dependencies,
    head_length,
    note_text,
    written_lines,
)
from dsvault.plan.model import Change, Dependency, DependencyKind, Plan, Tag
from dsvault.plan.parse import NAME_RULE, RESERVED, parse_plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_TAG_RULE = NAME_RULE.replace('"#", ', '"#", "/", ')


@dataclass(frozen=True, slots=True)
class Source:
    """A plan and the bytes it was read from."""

    data: bytes
    plan: Plan


@dataclass(frozen=True, slots=True)
class Entry:
    """What a new line says beside its name. planner is `name <email>`; date as plans have it.

    requires and conflicts are texts as on a plan line, conflicts without the exclamation mark.
    """

    planner: str
    date: str
    note: str = ""
    requires: Sequence[str] = ()
    conflicts: Sequence[str] = ()

    @property
    def clean_note(self) -> str:
        """Return the note trimmed, with escapes decoded."""
        return grammar.decode_note(self.note)


def planning_date() -> str:
    """Return the time now as plans have it."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


def label_of(change: Change) -> str:
    """Return the name of a change with its dependencies, as messages have it."""
    dependencies = format_dependencies(change.dependencies)
    return f"{change.name} {dependencies}" if dependencies else change.name


def add_change(source: Source, name: str, entry: Entry) -> tuple[bytes, Change]:
    """Return the plan with a new change at its end, and that change.

    :raises PlanError: the name is not valid or taken, a requirement is not planned.
    """
    plan = source.plan
    _check_name("change", name)
    if _index(plan, f"{name}@HEAD") is not None:
        raise PlanError(
            f'Change "{name}" already exists in plan {plan.path}.\n'
            'Use "sqitch rework" to copy and rework it',
            hint="Choose another name, or rework the change.",
        )
    requires, conflicts = _dependencies(plan, entry)
    _check_requirements(plan, requires, f'Cannot add change "{name}"')
    _refuse_bare_ids([*requires, *conflicts])
    lines = written_lines(source.data, plan)
    is_header_open = not plan.changes and all(line.text.strip() for line in lines)
    if is_header_open or (plan.changes and plan.changes[-1].tags):
        lines.append(Line("blank", ""))
    return _append(plan, lines, name, entry, [*requires, *conflicts])


def rework_change(source: Source, name: str, entry: Entry) -> tuple[bytes, Change]:
    """Return the plan with a new instance of a change at its end, and that instance.

    :raises PlanError: there is no such change, or no tag after it; a requirement is not planned.
    """
    plan = source.plan
    index = _index(plan, f"{name}@HEAD")
    if index is None:
        raise PlanError(
            f'Change "{name}" does not exist in {plan.path}.\n'
            f'Use "sqitch add {name}" to add it to the plan',
            hint="`plan` lists the changes.",
        )
    tagged = [change for change in plan.changes[index:] if change.tags]
    if not tagged:
        raise PlanError(
            f'Cannot rework "{name}" without an intervening tag.\n'
            'Use "sqitch tag" to create a tag and try again',
            hint="Only what a tag has fixed needs to be reworked; else edit its scripts.",
        )
    before = Dependency("require", change=name, tag=tagged[-1].tags[0].name)
    requires, conflicts = _dependencies(plan, entry)
    _check_requirements(plan, [before, *requires], f'Cannot rework change "{name}"')
    _refuse_bare_ids([*requires, *conflicts])
    lines = written_lines(source.data, plan)
    return _append(plan, lines, name, entry, [before, *requires, *conflicts])


def add_tag(source: Source, name: str, change: str | None, entry: Entry) -> tuple[bytes, Tag]:
    """Return the plan with a new tag, and that tag; `change` is what it marks, None the last one.

    :raises PlanError: the name is not valid or taken, or there is no change to mark.
    """
    plan = source.plan
    name = name.removeprefix("@")
    _check_name("tag", name)
    if _index(plan, f"@{name}") is not None:
        raise PlanError(f'Tag "@{name}" already exists', hint="Choose another name.")
    marked = _marked_change(plan, name, change)
    lines = written_lines(source.data, plan)
    # Comments may stand between a change and its tags; Sqitch counts lines all the same.
    place = _line_index(lines, marked.line) + len(marked.tags) + 1
    text = f"@{name} {entry.date} {entry.planner}"
    lines.insert(place, Line("entry", _with_note(text, entry)))
    data = _join(lines)
    new = parse_plan(data, plan.path)
    return data, next(tag for tag in new.tags if tag.name == name)


def excerpt(source: Source, first: str | None, last: str | None) -> bytes:
    """Return the plan from one change to another, both included, with the header.

    :raises PlanError: there is no such change.
    """
    lines = written_lines(source.data, source.plan)
    head = head_length(lines)
    start, end = head, len(lines)
    if first is not None:
        start = _line_index(lines, _found(source.plan, first).line)
    if last is not None:
        change = _found(source.plan, last)
        end = _line_index(lines, (change.tags[-1] if change.tags else change).line) + 1
    return _join([*lines[:head], *lines[start:end]])


def rewritten(source: Source) -> bytes:
    """Return the plan as writing it would give it, with nothing new in it."""
    return _join(written_lines(source.data, source.plan))


def _append(
    plan: Plan, lines: list[Line], name: str, entry: Entry, dependencies: Sequence[Dependency]
) -> tuple[bytes, Change]:
    text = change_text(name, dependencies, entry.date, entry.planner)
    data = _join([*lines, Line("entry", _with_note(text, entry))])
    return data, parse_plan(data, plan.path).changes[-1]


def _join(lines: Iterable[Line]) -> bytes:
    return "".join(f"{line.text}\n" for line in lines).encode()


def _with_note(text: str, entry: Entry) -> str:
    # A note that Perl takes for false comes without a blank before it.
    gap = " " if is_true(entry.clean_note) else ""
    return f"{text}{gap}{note_text(entry.clean_note)}"


def _line_index(lines: Sequence[Line], number: int) -> int:
    return next(i for i, line in enumerate(lines) if line.number == number)


def _index(plan: Plan, spec: str) -> int | None:
    change = plan.first(spec)
    return None if change is None else change.index


def _found(plan: Plan, spec: str) -> Change:
    change = plan.first(spec)
    if change is None:
        raise PlanError(f"Cannot find change {spec}", hint="`plan` lists the changes.")
    return change


def _marked_change(plan: Plan, tag: str, spec: str | None) -> Change:
    if spec is not None:
        return plan.find(spec)
    if not plan.changes:
        raise PlanError(
            f'Cannot apply tag "@{tag}" to a plan with no changes', hint="Add a change first."
        )
    return plan.changes[-1]


def _check_name(kind: str, name: str) -> None:
    if name in RESERVED:
        raise PlanError(f'"{name}" is a reserved name', hint="Choose another name.")
    if grammar.looks_like_id(name):
        raise PlanError(
            f'"{name}" is invalid because it could be confused with a SHA1 ID',
            hint="Choose a name that does not begin with 40 hexadecimal digits.",
        )
    if not grammar.is_name(name) or (kind == "tag" and "/" in name):
        rule = _TAG_RULE if kind == "tag" else NAME_RULE
        raise PlanError(
            f'"{name}" is invalid: {kind}s {rule}', hint="Choose a name of letters, digits and _."
        )


def _dependencies(plan: Plan, entry: Entry) -> tuple[list[Dependency], list[Dependency]]:
    """Return what a new change requires, and what it conflicts with."""
    requires = [_dependency(plan, text, "require") for text in dict.fromkeys(entry.requires)]
    conflicts = [_dependency(plan, text, "conflict") for text in dict.fromkeys(entry.conflicts)]
    return requires, conflicts


def _dependency(plan: Plan, text: str, kind: DependencyKind) -> Dependency:
    mark = "!" if kind == "conflict" else ""
    parts = grammar.match_dependency(mark + text)
    if parts is None:
        raise PlanError(
            f'"{text}" is not a valid dependency specification',
            hint="Write change, @tag, change@tag or project:change.",
        )
    change, tag, change_id = (parts.get(key) for key in ("change", "tag", "id"))
    project = parts.get("project")
    if change is None and tag is None and change_id is None:
        raise PlanError(
            'Depend object must have either "change", "tag", or "id" defined',
            hint="Name a change or a tag.",
        )
    return Dependency(
        kind=kind,  # an exclamation mark before a requirement changes nothing, as in Sqitch
        project=None if project == plan.project else project,
        change=change,
        tag=tag,
        id=change_id,
    )


def _check_requirements(plan: Plan, requires: Sequence[Dependency], what: str) -> None:
    for item in requires:
        if item.project is None and item.id is None:
            spec = item.key if "@" in item.key else f"{item.key}@HEAD"
            if _index(plan, spec) is None:
                raise PlanError(
                    f'{what}: requires unknown change "{item.key}"',
                    hint="Require what is planned, or project:change of another project.",
                )


def _refuse_bare_ids(dependencies: Sequence[Dependency]) -> None:
    """Refuse what Sqitch writes and never comes to an end of reading."""
    for item in dependencies:
        if item.id is not None and item.project is None:
            raise PlanError(
                f'"{item.id}" is an ID without another project, '
                "which sends Sqitch into an endless loop",
                hint="Name the change instead, or write project:ID for another project's change.",
            )
