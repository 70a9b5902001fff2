"""Read a plan: the header, then changes and tags, line by line, with Sqitch's checks and words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from dsvault.plan import grammar, ids, timestamps
from dsvault.plan.drafts import ChangeDraft, TagDraft
from dsvault.plan.errors import PlanError
from dsvault.plan.ids import build_changes
from dsvault.plan.model import Dependency, Plan

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME_RULE = (
    'must not begin with punctuation, contain "@", ":", "#", "\\", or blanks, '
    "or end in punctuation or digits following punctuation"
)
RESERVED = frozenset({"HEAD", "ROOT"})
# Unicode promises that these never are characters; Sqitch's strict UTF-8 refuses them.
_NONCHARACTER = (
    "[\ufdd0-\ufdef"
    + "".join(f"{chr(p * 0x10000 + 0xFFFE)}-{chr(p * 0x10000 + 0xFFFF)}" for p in range(17))
    + "]"
)


def read_plan(path: Path | str) -> Plan:
    """Read the plan file at `path`.

    :raises PlanError: there is no such file, it cannot be read, or it is not a valid plan.
    """
    path = Path(path)
    try:
        if path.is_file():
            return parse_plan(path.read_bytes(), path)
        fault = "is not a regular file" if path.exists() else "does not exist"
    except OSError as error:
        raise PlanError(
            f"Cannot open {path}: {error.strerror}", hint="Make the file readable."
        ) from error
    raise PlanError(f"Plan file {path} {fault}", hint="Name a plan with --plan-file.")


def parse_plan(data: bytes, path: Path | str) -> Plan:
    """Parse the bytes of a plan file; `path` is only named in messages and kept in the plan.

    :raises PlanError: Sqitch would refuse the plan too; or it is one that makes Sqitch hang.
    """
    return _Parser(Path(path)).parse(data)


class _Parser:
    """The state of one reading."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.project = ""
        self.uri: str | None = None
        self.uri_line = 0
        self.line = 0
        self.drafts: list[ChangeDraft] = []
        self.tagged: list[ChangeDraft] = []  # changes that have tags, in plan order
        self.unchecked = 0  # index of the first change whose requirements are not checked yet
        self.seen: dict[str, int] = {}  # names and @tags up to the last tag -> line
        self.since_tag: dict[str, int] = {}  # names of changes since the last tag -> line
        self.latest: dict[str, ChangeDraft] = {}
        self.bare_ids: dict[int, str] = {}  # line -> first dependency on an ID without a project

    def parse(self, data: bytes) -> Plan:
        lines = enumerate(grammar.split_lines(self._decode(data)), 1)
        self._read_header(lines)
        for self.line, text in lines:
            if grammar.comment_of(text) is None:
                self._read_entry(text)
        self._check_requirements()
        self._refuse_bare_ids()
        stored, canonical = self._read_uri()
        changes = build_changes(self.project, canonical, self.drafts)
        return Plan(self.project, stored, self.path, changes)

    def _read_uri(self) -> tuple[str | None, str | None]:
        """Return the URI as stored and as hashed, each None where it is left out."""
        if self.uri is None or not ids.is_true(self.uri):
            return None, None
        # It knows all kinds of schemes, and many a plan has no URI.
        from dsvault.plan.uri import UriError, canonical_uri, stored_uri  # noqa: PLC0415

        try:
            stored = stored_uri(self.uri)
            return stored, canonical_uri(self.uri) if ids.is_true(stored) else None
        except UriError as error:
            self.line = self.uri_line
            self.fail(str(error), hint="Name the project by another URI; that changes all IDs.")

    def fail(self, message: str, *, hint: str, detail: str | None = None) -> NoReturn:
        raise PlanError(
            f"Syntax error in {self.path} at line {self.line}: {message}",
            line=self.line,
            detail=detail,
            hint=hint,
        )

    def _decode(self, data: bytes) -> str:
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            self.line = data.count(b"\n", 0, error.start) + 1
            found = " ".join(f"{byte:02X}" for byte in data[error.start : error.end])
            self.fail(
                f"the bytes {found} are not UTF-8", hint="Save the file in the encoding UTF-8."
            )
        match = None if text.isascii() else re.search(_NONCHARACTER, text)
        if match:
            self.line = text.count("\n", 0, match.start()) + 1
            self.fail(f"U+{ord(match[0]):04X} is not a character", hint="Remove it from the line.")
        return text

    def _read_header(self, lines: Iterator[tuple[int, str]]) -> None:
        for self.line, text in lines:
            comment = grammar.comment_of(text)
            if comment is None:
                self._read_pragma(text)
            elif not ids.is_true(comment):
                break
        if not ids.is_true(self.project):
            raise PlanError(
                f"Missing %project pragma in {self.path}",
                hint="Begin the file with a line like %project=name, before any blank line.",
            )

    def _read_pragma(self, text: str) -> None:
        pragma = grammar.match_pragma(grammar.split_note(text)[0])
        if pragma is None:
            self.fail(
                "Invalid pragma; a blank line must come between pragmas and changes",
                hint="Write %name=value, or put a blank line before the first change.",
            )
        value = pragma.get("value")
        if pragma["name"] == "project":
            if value is None or not grammar.is_name(value):
                self.fail(
                    f'invalid project name "{value or ""}": project names {NAME_RULE}',
                    hint="Choose a name of letters, digits, _ and -.",
                )
            self.project = value
        elif pragma["name"] == "uri":
            self.uri, self.uri_line = value or "1", self.line

    def _read_entry(self, text: str) -> None:
        content, note = grammar.split_note(text)
        entry = grammar.match_entry(content)
        is_tag = grammar.is_tag_line(content)
        self._check_entry(entry, content, is_tag=is_tag)
        tag = TagDraft(
            name=entry["name"],
            date=entry["time"],
            planner_name=entry["planner_name"],
            planner_email=entry["planner_email"],
            note=grammar.decode_note(note or ""),
            line=self.line,
        )
        brackets = entry.get("dependencies", "")
        if is_tag:
            self._add_tag(tag, brackets)
        else:
            self._add_change(tag, entry.get("operator", ""), brackets)

    def _check_entry(self, entry: dict[str, str], content: str, *, is_tag: bool) -> None:
        name, time, planner = (entry.get(key) for key in ("name", "time", "planner_name"))
        form = "Write: name [dependencies] YYYY-MM-DDTHH:MM:SSZ Planner Name <email> # note"
        if not ids.is_true(name) or (time is None and grammar.has_timestamp(content)):
            self.fail(f"Invalid name; names {NAME_RULE}", hint=form)
        if time is None:
            missing = "" if ids.is_true(planner) else " and planner name and email"
            self.fail(f"Missing timestamp{missing}", hint=form)
        if not ids.is_true(planner):
            self.fail("Missing planner name and email", hint=form)
        assert name is not None  # noqa: S101 - it is true, so it is a text
        if name in RESERVED:
            self.fail(
                f'"{"@" if is_tag else ""}{name}" is a reserved name', hint="Choose another name."
            )
        if grammar.looks_like_id(name):
            self.fail(
                f'"{name}" is invalid because it could be confused with a SHA1 ID',
                hint="Choose a name that does not begin with 40 hexadecimal digits.",
            )
        problem = timestamps.problem_of(time)
        if problem:
            self.fail(f'Invalid timestamp "{time}": {problem}', hint="Write a real date in UTC.")

    def _add_tag(self, tag: TagDraft, brackets: str) -> None:
        if "/" in tag.name:
            self.fail(
                f'Tag "{tag.name}" contains illegal character /', hint="Name the tag without /."
            )
        if not self.drafts:
            self.fail(
                f'Tag "{tag.name}" declared without a preceding change',
                hint="Put the tag after the change that it marks.",
            )
        key = f"@{tag.name}"
        if key in self.seen:
            self.fail(
                f'Tag "{tag.name}" duplicates earlier declaration on line {self.seen[key]}',
                hint="Choose another name for one of the two.",
            )
        if ids.is_true(brackets):
            self.fail(
                "Tags may not specify dependencies", hint="Remove the brackets from the tag's line."
            )
        self._check_requirements()
        change = self.drafts[-1]
        if not change.tags:
            self.tagged.append(change)
        change.tags.append(tag)
        self.seen |= self.since_tag
        self.seen[key] = self.line
        self.since_tag.clear()

    def _add_change(self, entry: TagDraft, operator: str, brackets: str) -> None:
        name = entry.name
        if name in self.since_tag:
            self.fail(
                f'Change "{name}" duplicates earlier declaration on line {self.since_tag[name]}',
                hint="Choose another name, or put a tag between the two to rework the change.",
            )
        dependencies = self._read_dependencies(brackets)
        draft = ChangeDraft(
            entry=entry,
            operator=operator,
            position=len(self.drafts),
            requires=tuple(item for item in dependencies if item.kind == "require"),
            conflicts=tuple(item for item in dependencies if item.kind == "conflict"),
            tags=[],
            rework_tags=[],
        )
        self.since_tag[name] = self.line
        self.drafts.append(draft)
        earlier = self.latest.get(name)
        if earlier is not None:
            self._mark_reworked(earlier)
        self.latest[name] = draft

    def _mark_reworked(self, earlier: ChangeDraft) -> None:
        for change in reversed(self.tagged):
            if change.position < earlier.position:
                break
            earlier.rework_tags.extend(change.tags)

    def _read_dependencies(self, text: str) -> list[Dependency]:
        if not ids.is_true(text):
            return []
        texts: set[str] = set()
        found = []
        for part in grammar.split_dependencies(text):
            found.append(self._read_dependency(part))
            if part in texts:
                self.fail(f'Duplicate dependency "{part}"', hint="Name each dependency once.")
            texts.add(part)
        return found

    def _read_dependency(self, text: str) -> Dependency:
        parts = grammar.match_dependency(text)
        if parts is None:
            self.fail(
                f'"{text}" is not a valid dependency specification',
                hint="Write change, @tag, change@tag or project:change; begin a conflict with !.",
            )
        change, tag, change_id = (parts.get(key) for key in ("change", "tag", "id"))
        if change is None and tag is None and change_id is None:
            self.fail(
                'Depend object must have either "change", "tag", or "id" defined',
                detail=f'"{text}" in the brackets; a blank after [ makes an empty entry',
                hint="Name a change or a tag.",
            )
        project = parts.get("project")
        if change_id is not None and project is None:
            self.bare_ids.setdefault(self.line, text)
            project = ""  # nobody's, so that it is not looked up before the plan is refused
        return Dependency(
            kind="conflict" if parts["conflict"] else "require",
            project=None if project == self.project else project,
            change=change,
            tag=tag,
            id=change_id,
        )

    def _check_requirements(self) -> None:
        """Check what changes require, for those between the last check and here."""
        pending = self.drafts[self.unchecked :]
        self.unchecked = len(self.drafts)
        position: dict[str, int] = {}
        problems: list[tuple[ChangeDraft, list[str]]] = []
        for number, change in enumerate(pending, 1):
            bad = [
                dependency.key
                for dependency in change.requires
                if dependency.project is None and not self._is_met(dependency, position)
            ]
            position[change.name] = number
            if bad:
                problems.append((change, bad))
        if problems:
            self._fail_requirements(problems, position)

    def _refuse_bare_ids(self) -> None:
        """Refuse what parses, but makes Sqitch look for the plan's IDs while it computes them."""
        for line, text in self.bare_ids.items():
            self.line = line
            self.fail(
                f'"{text}" is an ID without a project, which sends Sqitch into an endless loop',
                hint="Name the change instead, or write project:ID for another project's change.",
            )

    def _is_met(self, dependency: Dependency, position: dict[str, int]) -> bool:
        if dependency.change is not None and dependency.tag is not None:
            at, tag_at = self.seen.get(dependency.change), self.seen.get(f"@{dependency.tag}")
            return at is not None and tag_at is not None and at < tag_at
        return dependency.key in self.seen or dependency.key in position

    def _fail_requirements(
        self, problems: list[tuple[ChangeDraft, list[str]]], position: dict[str, int]
    ) -> NoReturn:
        errors: list[str] = []
        for change, bad in problems:
            furthest = 0
            for key in bad:
                delta = position.get(key, 0) - position[change.name] if key in position else 0
                furthest = max(furthest, delta)
                errors.append(_requirement_error(change.name, key, delta))
            if furthest:
                lines = "line" if furthest == 1 else "lines"
                errors[-1] += (
                    f'\n    HINT: move "{change.name}" down {furthest} {lines} in {self.path}'
                )
        title = "Dependency error detected:" if len(errors) == 1 else "Dependency errors detected:"
        line = problems[0][0].entry.line
        raise PlanError(
            "\n  ".join([title, *errors]),
            line=line,
            detail=f"{self.path} at line {line}",
            hint="Require only changes and tags that stand earlier in the plan.",
        )


def _requirement_error(change: str, key: str, delta: int) -> str:
    if change == key:
        return f'Change "{change}" cannot require itself'
    if delta:
        changes = "change" if delta == 1 else "changes"
        return f'Change "{change}" planned {delta} {changes} before required change "{key}"'
    return f'Unknown change "{key}" required by change "{change}"'
