"""Two sets of facts as differences that a person can act on. Pure.

A fact is a line of dsvault_facts.everything(), `subject: what is true of it`. Lines about the same
thing in both sets make one difference; what is nowhere but on one side is missing, or extra.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

MISSING, EXTRA, DIFFERENT = "missing", "extra", "different"


@dataclass(frozen=True, slots=True)
class Thing:
    """What a fact is about: `policy tokens_app_select` of subject `dsvault.tokens`."""

    subject: str
    kind: str
    name: str = ""

    def __str__(self) -> str:
        if self.kind == self.subject:
            return self.subject
        words = " ".join(word for word in (self.kind, self.name) if word)
        return f"{self.subject}: {words}"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as planned: what the plan says of it and what the database does."""

    thing: Thing
    state: str
    expected: tuple[str, ...]
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """A change's deploy script, to find out which change made a thing."""

    change: str
    path: str
    text: str


# The first that matches tells the kind; its group, if it has one, the name.
_KINDS = tuple(
    (re.compile(pattern, re.DOTALL), kind)
    for pattern, kind in (
        (r"((?:table|column|constraint|index|trigger|policy|comment)\b[^:]*): ", "comment"),
        (r"(?:ENABLE|DISABLE)(?: NO)? FORCE$", "row security"),
        (r"(\S+) AS (?:PERMISSIVE|RESTRICTIVE) FOR ", "policy"),
        (r"CREATE (?:CONSTRAINT )?TRIGGER (\S+) ", "trigger"),
        (r"CREATE RULE (\S+) AS", "rule"),
        (r"CREATE (?:UNIQUE )?INDEX (\S+) ON ", "index"),
        (r"(\S+) (?:CHECK \(|FOREIGN KEY \(|PRIMARY KEY \(|UNIQUE |EXCLUDE )", "constraint"),
        (r"(?:partitioned table|table|view|materialized view|relkind .) ", "kind and owner"),
        (r"(?:FUNCTION|PROCEDURE|AGGREGATE|WINDOW) \w+\(", "signature"),
        (r"body [0-9a-f]{16}$", "body"),
        (r"(\S+) (?:[A-Z]+(?: WITH GRANT OPTION)?,)*[A-Z]+(?: WITH GRANT OPTION)?$", "grants for"),
        (r"(\S+) [A-Z]+\([\w,]+\)", "grants on columns for"),
    )
)
# Scripts drop and make these anew, or set them whatever they were.
_REPLACED = {
    "policy",
    "row security",
    "comment",
    "comment on",
    "trigger",
    "grants for",
    "grants on columns for",
    "owner",
}
_PREFIXED = (
    ("role ", re.compile(r"(?:NO)?LOGIN\b"), "attributes"),
    ("role ", re.compile("member of "), "members"),
    ("schema ", re.compile("OWNER "), "owner"),
)


def compare(expected: Collection[str], found: Collection[str]) -> tuple[Difference, ...]:
    """Return what differs, by subject; what is gone or there as a whole makes one difference."""
    return tuple(_compare(set(expected), set(found)))


def _compare(expected: set[str], found: set[str]) -> Iterator[Difference]:
    planned, there = _subjects(expected), _subjects(found)
    missing, extra = _by_thing(expected - found), _by_thing(found - expected)
    things = sorted(missing.keys() | extra.keys(), key=lambda thing: (thing.subject, str(thing)))
    whole = set()
    for thing in things:
        subject = thing.subject
        gone, new = subject not in there, subject not in planned
        if (gone or new) and not subject.startswith(("partition of ", "default ")):
            if subject not in whole:
                whole.add(subject)
                state = MISSING if gone else EXTRA
                yield Difference(Thing(subject, subject), state, (), ())
            continue
        before, after = missing.get(thing, ()), extra.get(thing, ())
        state = DIFFERENT if before and after else MISSING if before else EXTRA
        yield Difference(thing, state, tuple(sorted(before)), tuple(sorted(after)))


def _subjects(facts: set[str]) -> set[str]:
    return {thing_of(fact)[0].subject for fact in facts}


def _by_thing(facts: set[str]) -> dict[Thing, list[str]]:
    things: dict[Thing, list[str]] = defaultdict(list)
    for fact in facts:
        thing, text = thing_of(fact)
        things[thing].append(text)
    return things


def thing_of(fact: str) -> tuple[Thing, str]:
    """Return what a fact is about, and what it says."""
    subject, colon, text = fact.partition(": ")
    if not colon:  # `PUBLIC holds TEMPORARY on the database`
        return Thing("the database", "leave to create for", fact.split(" ", 1)[0]), fact
    if subject.startswith("default "):
        return Thing(subject, subject), text
    for prefix, pattern, kind in _PREFIXED:
        if subject.startswith(prefix) and pattern.match(text):
            return Thing(subject, kind), text
    match, kind = next(
        ((match, kind) for pattern, kind in _KINDS if (match := pattern.match(text))), (None, "")
    )
    if match is None:  # a column; of schemas and partitions the fact is its own name
        is_whole = subject.startswith(("schema ", "partition of "))
        return Thing(subject, *((text,) if is_whole else ("column", text.split(" ", 1)[0]))), text
    name = str(match[1]) if match.re.groups else ""
    if kind == "comment" and name != "comment":
        return Thing(subject, "comment on", name), text
    return Thing(subject, kind, "" if kind == "comment" else name), text


def maker(difference: Difference, scripts: Sequence[Script]) -> Script | None:
    """Return the script that made a thing: the last one of the plan that names it as made."""
    pattern = _maker_pattern(difference.thing)
    # Most scripts do not have the name at all; that is seen a hundred times as quickly.
    name = difference.thing.subject.removeprefix("partition of ").partition("(")[0]
    has_name = "." in name and " " not in name
    for script in reversed(scripts):
        if has_name and name not in script.text:
            continue
        if pattern.search(script.text):
            return script
    return None


def _maker_pattern(thing: Thing) -> re.Pattern[str]:
    """Return what stands in a script that makes a thing, or gives it what differs."""
    subject = thing.subject.removeprefix("partition of ")
    kind, _, plain = subject.partition(" ")
    name = re.escape(thing.name.strip('"'))
    routine = re.escape(subject.split("(")[0])
    relation = re.escape(subject)
    made = r"CREATE TABLE (?:IF NOT EXISTS )?|ALTER TABLE (?:IF EXISTS )?|CREATE OR REPLACE VIEW "
    table = rf"(?:{made}){relation}\b"
    patterns = {
        "policy": rf"CREATE POLICY {name}\s+ON {relation}\b",
        "row security": rf"ALTER TABLE {relation}\s+(?:ENABLE|FORCE) ROW",
        "trigger": rf"TRIGGER {name}\b[^;]*\bON {relation}\b",
        "index": rf"INDEX (?:IF NOT EXISTS )?{name}\b|CONSTRAINT {name}\b",
        "constraint": rf"CONSTRAINT {name}\b",
        "column": rf"{table}[^;]*?\b{name}\b",
        "kind and owner": table,
        "grants for": rf"GRANT [^;]*\bON (?:TABLE )?{relation}\b[^;]*\b{name}\b",
        "grants on columns for": rf"GRANT [^;]*\bON (?:TABLE )?{relation}\b[^;]*\b{name}\b",
    }
    if kind == "role":
        text = rf"(?:CREATE|ALTER|COMMENT ON) ROLE {re.escape(plain)}\b"
    elif kind == "schema":
        text = rf"CREATE SCHEMA (?:IF NOT EXISTS )?{re.escape(plain)}\b"
    elif kind == "default":
        text = r"ALTER DEFAULT PRIVILEGES"
    elif subject == "the database":
        text = r"REVOKE [^;]*\bON DATABASE|REVOKE [^;]*\bON SCHEMA public"
    elif "(" in subject:
        text = rf"(?:FUNCTION|PROCEDURE) {routine}\("
    elif thing.kind.startswith("comment on") and thing.name.startswith("policy "):
        text = rf"COMMENT ON POLICY {re.escape(thing.name[7:])}\s+ON {relation}\b"
    elif thing.kind.startswith("comment"):
        text = rf"COMMENT ON (?:TABLE|VIEW|COLUMN|INDEX|TRIGGER|CONSTRAINT)\b[^;]*{relation}\b"
    else:
        text = patterns.get(thing.kind, table)
    return re.compile(text, re.IGNORECASE)


def advice(difference: Difference, script: Script | None) -> str:
    """Return what to do about a difference."""
    thing = difference.thing
    if difference.state == EXTRA:
        return "drop it, or plan it: nobody planned it"
    if script is None:
        return "find out who changed it, and change it back"
    is_view = f"CREATE OR REPLACE VIEW {thing.subject} " in script.text
    if thing.kind in _REPLACED or "(" in thing.subject or is_view:
        return f"run {script.path} again: it replaces what is there"
    if difference.state == MISSING:
        return f"run {script.path} again: it makes what is missing"
    return f"change it back to what {script.path} says: running it again keeps what is there"
