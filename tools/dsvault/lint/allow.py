"""Comments that allow a finding: `-- dsvault: allow CODE reason`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.lint.findings import Edit
from dsvault.lint.rules.running.rn090_allow_reason import AllowReason
from dsvault.lint.rules.running.rn091_allow_unused import AllowUnused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.lint.findings import Finding
    from dsvault.lint.rule import Rule
    from dsvault.lint.scope import Parsed, World
    from dsvault.lint.source import Allowance


def judge(world: World, known_codes: frozenset[str], active: frozenset[str]) -> list[Finding]:
    """Return the findings that no comment allows, and those about the comments themselves."""
    by_path = {}
    for script, parsed in world.parsed.items():
        allowances = parsed.source.allowances()
        for allowance in allowances:
            _extend(allowance, parsed)
        if allowances:
            by_path[script.shown] = allowances
    if not by_path:
        return world.findings
    kept = [f for f in world.findings if not _is_allowed(f, by_path.get(f.path, ()))]
    world.findings = kept
    for script, parsed in world.parsed.items():
        for allowance in by_path.get(script.shown, ()):
            for rule, message, fix in _complaints(allowance, known_codes, active):
                offset = _offset(parsed, allowance.line)
                edit = _removal(parsed, offset) if rule is AllowUnused else None
                world.report(rule, script, offset, message, fix, edit=edit)
    return world.findings


def _extend(allowance: Allowance, parsed: Parsed) -> None:
    """Work out which lines a comment covers."""
    allowance.first = allowance.last = allowance.line
    if not allowance.is_alone:
        return
    lines = parsed.source.original.split("\n")
    number = allowance.line
    while number < len(lines) and (
        not lines[number].strip() or lines[number].lstrip().startswith(("--", "#"))
    ):
        number += 1
    allowance.last = number + 1
    for statement in parsed.statements:
        if parsed.source.line_of(statement.start) == number + 1:
            allowance.last = max(allowance.last, parsed.source.line_of(statement.end))


def _is_allowed(finding: Finding, allowances: list[Allowance] | tuple[()]) -> bool:
    found = False
    for allowance in allowances:
        covers = allowance.is_file or allowance.first <= finding.line <= allowance.last
        if allowance.code == finding.code and allowance.reason and covers:
            allowance.used = found = True
    return found


def _complaints(
    allowance: Allowance, known: frozenset[str], active: frozenset[str]
) -> Iterator[tuple[type[Rule], str, str]]:
    if not allowance.code or allowance.code not in known:
        if AllowReason.code in active:
            word = allowance.code or "nothing"
            yield AllowReason, f"allows {word}, which is no rule", "Name a rule's code."
    elif not allowance.reason:
        if AllowReason.code in active:
            yield (
                AllowReason,
                f"allows {allowance.code} without a reason",
                "Say why it is right here; until then the finding stays.",
            )
    elif not allowance.used and allowance.code in active and AllowUnused.code in active:
        yield AllowUnused, f"allows {allowance.code}, which was not found", "Remove the comment."


def _offset(parsed: Parsed, line: int) -> int:
    data = parsed.source.data.split(b"\n")
    return sum(len(text) + 1 for text in data[: line - 1])


def _removal(parsed: Parsed, offset: int) -> Edit:
    """Return the correction that takes a comment away, with its line if it stands alone."""
    data = parsed.source.data
    end = data.find(b"\n", offset)
    end = len(data) if end < 0 else end
    mark = re.search(rb"[ \t]*(?:--|#)\s*dsvault:", data[offset:end])
    start = offset + (mark.start() if mark else 0)
    is_alone = not data[offset:start].strip()
    return Edit(offset, min(end + 1, len(data)), "") if is_alone else Edit(start, end, "")
