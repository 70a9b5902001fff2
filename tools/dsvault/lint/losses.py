"""What a deploy script destroys that no revert script can bring back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from dsvault.lint.tree import find, strings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.lint.scope import Parsed
    from dsvault.lint.statements import Statement
    from dsvault.lint.tree import Name
    from dsvault.lint.undo import Effects, Mark

_TOLD = re.compile(
    r"irrevers|not\s+revers|cannot\s+be\s+(?:restored|reverted|undone)|lossy|\blos(?:es?|s|t)\b"
    r"|backup|one[- ]way|no way back",
    re.IGNORECASE,
)
# From wide to narrow: what comes later holds less.
_SCALES = (
    ("double precision", "real"),
    ("timestamp with time zone", "timestamp without time zone", "date"),
    ("numeric", "bigint", "integer", "smallint"),
    ("double precision", "bigint", "integer", "smallint"),
)
_SIZED = re.compile(r"(?P<base>[a-z ]+)\((?P<first>\d+)(?:,(?P<second>\d+))?\)")


def announces(parsed: Parsed) -> bool:
    """Say whether the header of a script, all before its first statement, tells of a loss."""
    first = parsed.statements[0].start if parsed.statements else None
    return bool(_TOLD.search(parsed.source.data[:first].decode("utf-8", "replace")))


def is_narrower(old: str, new: str) -> bool:
    """Say whether values of the old type lose something in the new one without an error."""
    before, after = _SIZED.fullmatch(old), _SIZED.fullmatch(new)
    if before and after and before["base"] == after["base"]:
        if before["base"] == "numeric":
            return int(after["second"] or 0) < int(before["second"] or 0)
        return int(after["first"]) < int(before["first"])
    is_cut = after is not None and after["base"].startswith("character")
    if is_cut and old in {"text", "character varying"}:
        return True
    bare = [old.split("(", maxsplit=1)[0], new.split("(", maxsplit=1)[0]]
    return any(
        all(kind in scale for kind in bare) and scale.index(bare[0]) < scale.index(bare[1])
        for scale in _SCALES
    )


class Loss(NamedTuple):
    """Data that are gone: of which table, in which words, where."""

    key: tuple[str, tuple[str, ...]]
    table: Name
    words: str
    offset: int


def losses(parsed: Parsed, effects: Effects) -> Iterator[Loss]:
    """Yield what a deploy script destroys. What it made itself does not count."""
    own = {
        mark.name
        for mark in effects.marks
        if mark.thing in {"table", "column"} and mark.sign == "+"
    }
    renamed = {mark.offset for mark in effects.marks if mark.sign == "+"}
    for mark in effects.marks:
        # What goes by one name comes by another in the same statement.
        loss = None if mark.offset in renamed else _of_mark(mark)
        if loss is not None and mark.name not in own and loss.table not in own:
            yield loss
    for statement in parsed.statements:
        yield from _of_update(statement, effects, own)


def _of_mark(mark: Mark) -> Loss | None:
    if mark.thing == "type of" and mark.owner is not None and is_narrower(*mark.types):
        words = f"what {mark.name[-1]} held beyond {mark.types[1]}"
        return Loss(mark.key, mark.owner, words, mark.offset)
    if mark.sign != "-":
        return None
    if mark.thing == "table" and len(mark.name) == 2:
        return Loss(
            mark.key, (mark.name[0], mark.name[1]), f"the rows of {mark.name[1]}", mark.offset
        )
    if mark.thing == "column" and mark.owner is not None:
        return Loss(mark.key, mark.owner, f"the data of {mark.name[-1]}", mark.offset)
    if mark.thing == "rows of" and mark.owner is not None:
        return Loss(mark.key, mark.owner, f"the rows of {mark.owner[1]}", mark.offset)
    return None


def _of_update(statement: Statement, effects: Effects, own: set[tuple[str, ...]]) -> Iterator[Loss]:
    """Yield the old values of columns that an UPDATE overwrites."""
    if statement.kind != "UpdateStmt":
        return
    relation = statement.node.get("relation", {})
    table = (relation.get("schemaname", "") or "public", relation.get("relname", ""))
    columns = [item["ResTarget"].get("name", "") for item in statement.node.get("targetList", ())]
    for column in columns:
        made_here = any(name[-2:] == (table[1], column) or name[-1:] == (table[1],) for name in own)
        read = {
            name for f in find(statement.node, "ColumnRef") for name in strings(f.get("fields"))
        }
        if not made_here and column in read:
            yield Loss(
                ("values", (*table, column)), table, f"the old values of {column}", statement.start
            )
    _ = effects
