"""Privileges as facts tell them, and the statements that lead from one set to another. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsvault.drift.names import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_GRANTABLE = " WITH GRANT OPTION"
_ON_COLUMNS = re.compile(r"(?P<name>[A-Z]+)\((?P<columns>.+)\)(?P<grantable> WITH GRANT OPTION)?")
_COLUMN = re.compile(r'"(?:[^"]|"")+"|[^,]+')
_ONE = r"[A-Z]+(?: WITH GRANT OPTION)?"
_DEFAULT = re.compile(rf"(?P<grantee>.+?) (?P<held>(?:{_ONE},)*{_ONE})")
_GIVEN_TO_PUBLIC = {"functions": "EXECUTE", "types": "USAGE"}


@dataclass(frozen=True, slots=True)
class Privilege:
    """A privilege, on one column if it is named, and whether it may be passed on."""

    name: str
    column: str = ""
    grantable: bool = False

    @property
    def bare(self) -> tuple[str, str]:
        """What it allows, passed on or not."""
        return self.name, self.column


def privileges(texts: Iterable[str], grantee: str) -> set[Privilege]:
    """Read facts such as `dsvault_app DELETE,SELECT` or `dsvault_app UPDATE(a,b)`."""
    return {held for text in texts for held in _held(text.removeprefix(f"{grantee} "))}


def _held(text: str) -> Iterator[Privilege]:
    on_columns = _ON_COLUMNS.fullmatch(text)
    if on_columns:
        for column in _COLUMN.findall(on_columns["columns"]):
            yield Privilege(on_columns["name"], column, bool(on_columns["grantable"]))
        return
    for item in text.split(","):
        yield Privilege(item.removesuffix(_GRANTABLE), "", item.endswith(_GRANTABLE))


def default_privileges(texts: Iterable[str], objects: str) -> dict[str, set[Privilege]]:
    """Return who gets what by default; where no fact tells it, what PostgreSQL gives PUBLIC."""
    told = list(texts)
    if not told:
        built_in = _GIVEN_TO_PUBLIC.get(objects)
        return {"PUBLIC": {Privilege(built_in)}} if built_in else {}
    given = [match for text in told[0].split("; ") if (match := _DEFAULT.fullmatch(text))]
    return {match["grantee"]: set(_held(match["held"])) for match in given}


def regrant(on: str, grantee: str, expected: set[Privilege], found: set[Privilege]) -> list[str]:
    """Return the statements that take what is too much and give what is missing.

    on is what stands behind ON, such as `SCHEMA dsvault`.
    """
    who = grantee if grantee == "PUBLIC" else quoted(grantee)
    planned, there = {p.bare for p in expected}, {p.bare for p in found}
    passed_on = {p.bare for p in expected if p.grantable}
    could_pass_on = {p.bare for p in found if p.grantable}
    statements = (
        ("REVOKE", there - planned, "FROM", ""),
        ("REVOKE GRANT OPTION FOR", could_pass_on & planned - passed_on, "FROM", ""),
        ("GRANT", planned - there - passed_on, "TO", ""),
        ("GRANT", passed_on - could_pass_on, "TO", _GRANTABLE),
    )
    return [
        f"{verb} {_listed(what)} ON {on} {preposition} {who}{option};"
        for verb, what, preposition, option in statements
        if what
    ]


def _listed(what: Iterable[tuple[str, str]]) -> str:
    columns: dict[str, list[str]] = defaultdict(list)
    for name, column in sorted(what):
        columns[name].append(column)
    return ", ".join(
        f"{name} ({', '.join(of)})" if any(of) else name for name, of in columns.items()
    )
