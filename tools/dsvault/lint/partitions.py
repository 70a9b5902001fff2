"""The bounds of partitions, as far as constants tell them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from dsvault.lint.catalog import Origin
from dsvault.lint.rule import Rule
from dsvault.lint.tenancy import memory
from dsvault.lint.tree import (
    find,
    fingerprint,
    inner,
    is_null,
    literal,
    number,
    range_name,
    strings,
    strip_casts,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsvault.lint.catalog import Table
    from dsvault.lint.scope import Scope, World
    from dsvault.lint.tree import Node

# Sorts below and above all values; values of one table are all numbers or all texts.
Value: TypeAlias = "tuple[int, float, str]"
_LOWEST: Value = (-1, 0, "")
_HIGHEST: Value = (1, 0, "")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MIDNIGHT = re.compile(r"[ T]00:00(:00)?([+-]00(:?00)?|Z)?\Z")


@dataclass(frozen=True, slots=True)
class Range:
    """A partition's range of one column: from lower, below upper."""

    table: Table
    lower: Value
    upper: Value


class PartitionRule(Rule):
    """Looks at the partitions that there are at the end of the plan, however they came."""

    on = ("AlterTableStmt",)

    def statement(self, scope: Scope) -> None:
        """Remember where a table was attached."""
        for command in scope.commands("AT_AttachPartition"):
            origin = Origin(scope.script, scope.start, scope.transaction.number)
            name = scope.catalog.qualify(range_name(command["def"]["PartitionCmd"]["name"]))
            memory(scope.world, self.code)[name] = origin

    def place(self, world: World, part: Table) -> Origin:
        """Return where a table became a partition."""
        return memory(world, self.code).get(part.name, part.origin)


def ranges(parts: Sequence[Table]) -> list[Range]:
    """Return the ranges of partitions by one column, in order; none if one cannot be told."""
    found = []
    for part in parts:
        bound = part.bound or {}
        if bound.get("is_default"):
            continue
        lower, upper = bound.get("lowerdatums", []), bound.get("upperdatums", [])
        if len(lower) != 1 or len(upper) != 1:
            return []
        values = (_value(lower[0]), _value(upper[0]))
        if None in values:
            return []
        found.append(Range(part, values[0] or _LOWEST, values[1] or _HIGHEST))
    kinds = {bool(v[2]) for r in found for v in (r.lower, r.upper) if not v[0]}
    return sorted(found, key=lambda item: item.lower) if len(kinds) < 2 else []


def _value(node: Node) -> Value | None:
    kind, fields = inner(node)
    if kind == "PartitionRangeDatum" and "value" in fields:
        return _value(fields["value"])
    names = [item.get("String", {}).get("sval", "") for item in fields.get("fields", ())]
    word = (names[0] if len(names) == 1 else str(fields.get("kind", ""))).upper()
    for end, value in (("MINVALUE", _LOWEST), ("MAXVALUE", _HIGHEST)):
        if word.endswith(end):
            return value
    count, text = number(node), literal(node)
    if count is None and text is not None and re.fullmatch(r"-?\d+", text):
        count = int(text)
    if count is not None:
        return (0, count, "")
    # Other texts sort by rules of the server.
    return (0, 0, _MIDNIGHT.sub("", _in_utc(text))) if text and _DATE.match(text) else None


def _in_utc(text: str) -> str:
    """Return a moment with a time zone as UTC has it, any other text as it is."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment.astimezone(UTC).isoformat(" ") if moment.tzinfo else text


def lies_within(check: Node | None, bound: Node) -> bool:
    """Say whether the limits that a CHECK names lie within a range of one column.

    Where text does not tell, they do.
    """
    lower, upper = bound.get("lowerdatums", []), bound.get("upperdatums", [])
    ends = [_value(item) for item in (*lower[:1], *upper[:1])]
    if len(lower) != 1 or len(upper) != 1 or None in ends:
        return True
    sides = set()
    for fields in find({"x": check}, "A_Expr"):
        sign = (strings(fields.get("name")) or [""])[-1]
        value = _value(fields.get("rexpr") or {})
        kinds = {bool(end[2]) for end in ends if end and not end[0]}
        if fields.get("kind") != "AEXPR_OP" or value is None:
            return True
        if kinds and kinds != {bool(value[2])}:
            return True
        sides.add(sign[:1])
        if sign.startswith(">") and ends[0] is not None and value < ends[0]:
            return False
        if sign.startswith("<") and ends[1] is not None and value > ends[1]:
            return False
    return "=" in sides or sides >= {
        sign for sign, end in zip("><", ends, strict=True) if end and not end[0]
    }


def show(value: Value) -> str:
    """Return a bound as a reader writes it."""
    return value[2] or str(value[1])


def listed(parts: Sequence[Table]) -> list[tuple[Table, set[str]]]:
    """Return the values of list partitions, as comparable texts."""
    found = []
    for part in parts:
        values = set()
        for item in (part.bound or {}).get("listdatums", ()):
            text = literal(item)
            plain = fingerprint(strip_casts(item)[1]) if text is None else text
            values.add("NULL" if is_null(item) else plain)
        if values:
            found.append((part, values))
    return found


def hashed(parts: Sequence[Table]) -> list[tuple[Table, int, int]]:
    """Return modulus and remainder of hash partitions."""
    return [
        (part, int(part.bound["modulus"]), int(part.bound.get("remainder", 0)))
        for part in parts
        if part.bound and part.bound.get("modulus")
    ]
