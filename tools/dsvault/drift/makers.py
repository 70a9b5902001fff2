"""Which change made a thing, by the texts of the deploy scripts. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsvault.drift.facts import PARTITIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsvault.drift.facts import Difference, Thing

_PIECE = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\s+|.""")
_TRIGGER = re.compile(r"CREATE (?:CONSTRAINT )?TRIGGER (\S+) ")


@dataclass(frozen=True, slots=True)
class Script:
    """A change's deploy script, to find out which change made a thing."""

    change: str
    path: str
    text: str


def maker(difference: Difference, scripts: Sequence[Script]) -> Script | None:
    """Return the script that made a thing: the last one of the plan that names it as made."""
    subject = difference.thing.subject.removeprefix(PARTITIONS)
    pattern = re.compile(_made(difference, subject), re.IGNORECASE)
    # Most scripts do not have the name at all; that is seen a hundred times as quickly.
    name = subject.partition("(")[0]
    has_name = "." in name and " " not in name
    is_routine = "(" in subject
    for script in reversed(scripts):
        if has_name and name not in script.text:
            continue
        if script.change.startswith("functions/") and not is_routine:
            continue  # its body may make such things when it is called
        if pattern.search(script.text):
            return script
    return None


def _made(difference: Difference, subject: str) -> str:
    """Return what stands in a script that makes a thing, or gives it what differs."""
    thing = difference.thing
    kind, _, plain = subject.partition(" ")
    name = re.escape(plain)
    others = {
        "role": rf"(?:CREATE|ALTER) ROLE {name}\b",
        "schema": rf"CREATE SCHEMA (?:IF NOT EXISTS )?{name}\b",
        "default": r"ALTER DEFAULT PRIVILEGES",
    }
    if thing.kind == "membership in":
        return rf"GRANT {re.escape(thing.name)} TO {name}\b"
    if kind in others:
        return others[kind]
    if "(" in subject:
        return rf"(?:FUNCTION|PROCEDURE) {re.escape(subject.partition('(')[0])}\("
    if thing.subject.startswith(PARTITIONS):
        return _made_of_partition(difference, subject)
    return _made_of_relation(thing)


def _made_of_partition(difference: Difference, parent: str) -> str:
    """Partitions have what their makers gave them, by names that format() fills in."""
    kind = difference.thing.kind
    if kind == "statistics":
        return r"CREATE STATISTICS [^;]*%I"
    if kind == "triggers":
        planned, there = (
            {one for text in texts for one in text.removeprefix("triggers: ").split("; ")}
            for texts in (difference.expected, difference.found)
        )
        names = [match[1] for one in planned - there if (match := _TRIGGER.match(one))]
        return rf"TRIGGER (?:{'|'.join(map(re.escape, names))})\b[^;]*\bON (?:\w+\.)?%"
    return rf"CREATE TABLE (?:IF NOT EXISTS )?{re.escape(parent)}\b"


def _made_of_relation(thing: Thing) -> str:
    name, relation = re.escape(thing.name.strip('"')), re.escape(thing.subject)
    created = rf"CREATE (?:OR REPLACE )?(?:TABLE|VIEW) (?:IF NOT EXISTS )?{relation}\b"
    changed = rf"(?:{created}|ALTER TABLE (?:IF EXISTS )?{relation}\b)"
    granted = rf"GRANT [^;]*\bON (?:TABLE )?{relation}\b[^;]*\b{name}\b"
    if thing.kind == "comment on" and thing.name.startswith("policy "):
        return rf"COMMENT ON POLICY {re.escape(thing.name[7:])}\s+ON {relation}\b"
    if thing.kind == "comment on":
        return rf"COMMENT ON (?:TABLE|VIEW|COLUMN|INDEX|TRIGGER|CONSTRAINT)\b[^;]*{relation}\b"
    patterns = {
        "policy": rf"CREATE POLICY {name}\s+ON {relation}\b",
        "row security": rf"ALTER TABLE {relation}\s+(?:ENABLE|FORCE) ROW",
        "trigger": rf"TRIGGER {name}\b[^;]*\bON {relation}\b",
        "index": rf"INDEX (?:IF NOT EXISTS )?{name}\b|CONSTRAINT {name}\b",
        "constraint": rf"CONSTRAINT {name}\b",
        "column": rf"{changed}[^;]*?\b{name}\b",
        "grants for": granted,
        "grants on columns for": granted,
    }
    return patterns.get(thing.kind, created)


def constraint_as_written(script: Script, name: str) -> str | None:
    """Return a constraint's definition as its script has it, on one line.

    PostgreSQL prints some otherwise, and what it prints otherwise again once it is read.
    """
    match = re.search(rf"CONSTRAINT {re.escape(name)}\s+", script.text)
    if match is None:
        return None
    pieces, depth = [], 0
    for piece in _PIECE.findall(script.text, match.end()):
        depth += (piece == "(") - (piece == ")")
        if depth < 0 or (depth == 0 and piece in ",;"):
            break
        if not piece.startswith("--"):
            pieces.append(" " if piece.isspace() else piece)
    return re.sub(r" +", " ", "".join(pieces)).strip()
