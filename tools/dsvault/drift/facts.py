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
    from collections.abc import Collection, Iterator, Mapping, Sequence

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
    """One thing that is not as planned: what the plan says of it and what the database does.

    Partitions are told as a kind; those by whose names the facts were found are in partitions.
    """

    thing: Thing
    state: str
    expected: tuple[str, ...]
    found: tuple[str, ...]
    partitions: tuple[str, ...] = ()


PARTITIONS = "partition of "
_STATES = {(True, True): DIFFERENT, (True, False): MISSING, (False, True): EXTRA}
# The first that matches tells the kind; its group, if it has one, the name.
_NAME = r'("(?:[^"]|"")+"|\S+)'
_RELATION = "(?:partitioned table|table|view|materialized view|relkind .)"
_OF_COLUMNS = "(?:SELECT|INSERT|UPDATE|REFERENCES)"
_PRIVILEGE = (
    rf"(?:{_OF_COLUMNS}|DELETE|TRUNCATE|TRIGGER|MAINTAIN|EXECUTE|USAGE|CREATE)"
    "(?: WITH GRANT OPTION)?"
)
_KINDS = tuple(
    (re.compile(pattern, re.DOTALL), kind)
    for pattern, kind in (
        (r"(?:statistics|triggers): ", "objects"),
        (r"((?:table|column|constraint|index|trigger|policy|comment)\b[^:]*): ", "comment"),
        (r"(?:ENABLE|DISABLE)(?: NO)? FORCE$", "row security"),
        (rf"{_NAME} AS (?:PERMISSIVE|RESTRICTIVE) FOR ", "policy"),
        (rf"CREATE (?:CONSTRAINT )?TRIGGER {_NAME} ", "trigger"),
        (rf"CREATE RULE {_NAME} AS", "rule"),
        (rf"CREATE (?:UNIQUE )?INDEX {_NAME} ON ", "index"),
        (rf"CREATE STATISTICS {_NAME} ", "statistics"),
        (rf"{_NAME} (?:CHECK \(|FOREIGN KEY \(|PRIMARY KEY \(|UNIQUE |EXCLUDE )", "constraint"),
        (
            rf"{_RELATION}(?: PARTITION BY .*?)?(?: UNLOGGED| TEMPORARY)? OWNER ",
            "kind and owner",
        ),
        (r"(?:FUNCTION|PROCEDURE|AGGREGATE|WINDOW) ", "signature"),
        (r"body [0-9a-f]{16}$", "body"),
        (r"(?:NO)?LOGIN\b", "attributes"),
        (r"member of (\S+)", "membership in"),
        (r"OWNER ", "owner"),
        (rf"(.+?) (?:{_PRIVILEGE},)*{_PRIVILEGE}$", "grants for"),
        (rf"(.+?) {_OF_COLUMNS}\(.+\)(?: WITH GRANT OPTION)?$", "grants on columns for"),
    )
)
_HELD = re.compile(r"(?P<grantee>.+) holds (?P<privilege>[A-Z]+) on (?P<subject>.+)")
# What says of a whole thing what it is and whose.
_IDENTITIES = ("kind and owner", "signature", "attributes", "owner", "relation of", "type of")
# A partition has one of each, whatever the others have.
_ONE_EACH = ("row security", "kind and owner", "statistics", "triggers")


def compare(
    expected: Collection[str],
    found: Collection[str],
    places: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Difference, ...]:
    """Return what differs, by subject; what is gone or there as a whole makes one difference.

    places are the partitions of which each fact about partitions was found.
    """
    return tuple(_compare(set(expected), set(found), places or {}))


def _compare(
    expected: set[str], found: set[str], places: Mapping[str, Sequence[str]]
) -> Iterator[Difference]:
    planned, there = by_thing(expected), by_thing(found)
    subjects = [{thing.subject for thing in side} for side in (planned, there)]
    missing, extra = by_thing(expected - found), by_thing(found - expected)
    whole = set()
    for thing in sorted(missing.keys() | extra.keys(), key=_place):
        subject = thing.subject
        if all(subject in side for side in subjects) or _has_parts_only(subject):
            if not _goes_with_its_constraint(thing, missing, extra):
                yield _of_part(thing, planned, missing.get(thing, ()), extra.get(thing, ()), places)
        elif subject not in whole:
            whole.add(subject)
            is_planned = subject in subjects[0]
            told = tuple(_identities(subject, planned if is_planned else there))
            wholes = Thing(subject, subject)
            yield (
                Difference(wholes, MISSING, told, ())
                if is_planned
                else Difference(wholes, EXTRA, (), told)
            )


def _place(thing: Thing) -> tuple[bool, str, str]:
    """Return what things are ordered by: whose they are comes first, as others rest on it."""
    return thing.kind not in _IDENTITIES, thing.subject, str(thing)


def _has_parts_only(subject: str) -> bool:
    return subject.startswith((PARTITIONS, "default ", "the database", "schema public"))


def _goes_with_its_constraint(thing: Thing, *sides: Mapping[Thing, Sequence[str]]) -> bool:
    """Say whether an index is a constraint's own, which is told and comes and goes with it."""
    constraint = Thing(thing.subject, "constraint", thing.name)
    return thing.kind == "index" and all((thing in side) == (constraint in side) for side in sides)


def _of_part(
    thing: Thing,
    planned: Mapping[Thing, Sequence[str]],
    before: Sequence[str],
    after: Sequence[str],
    places: Mapping[str, Sequence[str]],
) -> Difference:
    partitions: tuple[str, ...] = ()
    if thing.subject.startswith(PARTITIONS):
        partitions = tuple(
            sorted({name for text in after for name in places.get(f"{thing.subject}: {text}", ())})
        )
        if thing.kind in _ONE_EACH:
            before = planned.get(thing, before)
    state = _STATES[bool(before), bool(after)]
    return Difference(thing, state, tuple(sorted(before)), tuple(sorted(after)), partitions)


def _identities(subject: str, things: Mapping[Thing, Sequence[str]]) -> Iterator[str]:
    for thing, texts in things.items():
        if thing.subject == subject and thing.kind.startswith(_IDENTITIES):
            yield from texts


def by_thing(facts: Collection[str]) -> dict[Thing, list[str]]:
    """Return what is said of each thing."""
    things: dict[Thing, list[str]] = defaultdict(list)
    for fact in facts:
        thing, text = thing_of(fact)
        things[thing].append(text)
    return dict(things)


def thing_of(fact: str) -> tuple[Thing, str]:
    """Return what a fact is about, and what it says."""
    subject, colon, text = fact.partition(": ")
    if not colon and (held := _HELD.fullmatch(fact)):  # `PUBLIC holds TEMPORARY on the database`
        return Thing(held["subject"], "leave to create for", held["grantee"]), fact
    if subject.startswith("default "):
        return Thing(subject, subject), text
    match, kind = next(
        ((match, kind) for pattern, kind in _KINDS if (match := pattern.match(text))), (None, "")
    )
    if match is None:
        return Thing(subject, *_unnamed(subject, text)), text
    name = str(match[1]) if match.re.groups else ""
    if kind == "objects":  # all of a partition's, without names of their own
        return Thing(subject, text.partition(":")[0]), text
    if kind == "comment":
        return Thing(
            subject, *(("comment", "") if name == "comment" else ("comment on", name))
        ), text
    return Thing(subject, kind, name), text


def _unnamed(subject: str, text: str) -> tuple[str, str]:
    """Return kind and name of a column, or of what has none but what is said of it."""
    if subject.startswith(("schema ", PARTITIONS)):
        return text, ""
    if text.startswith(("relation of kind ", "type of kind ")):
        return text, ""
    name = re.match(_NAME, text)
    return "column", name[1] if name else text
