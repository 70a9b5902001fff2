"""The comparison: every item of the document finds its place in the plan, or it is refused."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dsvault.coverage.errors import CoverageError
from dsvault.coverage.items import Item, Kind
from dsvault.coverage.rulings import Reading, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

_SAME = Reading("", Status.SAME, 0)


@dataclass(frozen=True, slots=True)
class Row:
    """An item of the document, how it is read, and the object of the plan that stands for it."""

    item: Item
    reading: Reading
    lives: Item | None
    times: int = 1
    """How often the document states what that one object is."""

    @property
    def status(self) -> Status:
        """How the item lives in the plan."""
        return self.reading.status


class _MisfitError(Exception):
    """One item does not fit; the message says why."""


def match(
    document: Mapping[str, Item], catalog: Mapping[str, Item], readings: Mapping[str, Reading]
) -> list[Row]:
    """Return a row for every item of the document, in the document's order.

    :raises CoverageError: an item is neither in the plan as the document states it nor ruled, a
        ruling does not hold, or a ruling is about nothing; the detail lists all of these.
    """
    rows: list[Row] = []
    misfits = [
        f"{key}: ruled, but not in the document" for key in readings.keys() - document.keys()
    ]
    for item in document.values():
        try:
            rows.append(_place(item, catalog, readings.get(item.key)))
        except _MisfitError as misfit:
            misfits.append(f"{item.key} (line {item.lines[0]}): {misfit}")
    if misfits:
        raise CoverageError(
            f"The design document and the plan disagree in {len(misfits)} points",
            detail="\n".join(sorted(misfits)),
            hint="Change the plan, or enter the ruling into sql/design/corrections.toml.",
        )
    return _counted(rows)


def tenant_first(definition: str) -> str:
    """Return the definition of a key, reference or index with tenant_id put first, else unchanged.

    A reference that sets its columns to NULL then names them, so that tenant_id stays.
    """
    is_reference = definition.startswith("FOREIGN KEY (")
    widened = definition.replace("(", "(tenant_id, ", 2 if is_reference else 1)
    if is_reference and definition.endswith(" ON DELETE SET NULL"):
        columns = definition.removeprefix("FOREIGN KEY ").partition(")")[0]
        widened += f" {columns})"
    return widened


def _place(item: Item, catalog: Mapping[str, Item], reading: Reading | None) -> Row:
    if reading is None:
        return Row(item, _SAME, _same(item, catalog))
    match reading.status:
        case Status.TENANT_FIRST:
            lives = _find(item, catalog, tenant_first(item.text))
            if lives is None or lives.text != tenant_first(item.text):
                raise _MisfitError(f"expected {tenant_first(item.text)}; {_found(lives)}")
        case Status.CORRECTED:
            lives = _corrected(item, catalog, reading)
        case Status.COVERED:
            if item.key in catalog:
                raise _MisfitError("ruled to be covered by another, but the plan makes it")
            lives = _named(reading, catalog)
        case _:
            if item.key in catalog:
                raise _MisfitError("ruled to be planned, but the plan makes it already")
            lives = None
    return Row(item, reading, lives)


def _same(item: Item, catalog: Mapping[str, Item]) -> Item:
    lives = _find(item, catalog, item.text)
    if lives is None:
        raise _MisfitError(f"neither in the plan nor ruled: {item.text}")
    if item.faulty:
        raise _MisfitError(
            f"PostgreSQL cannot read it, and no ruling says what it means: {item.text}"
        )
    if lives.text != item.text:
        raise _MisfitError(
            f"not ruled to differ. The document: {item.text}. The plan: {lives.text}"
        )
    return lives


def _corrected(item: Item, catalog: Mapping[str, Item], reading: Reading) -> Item | None:
    if reading.instead is not None:
        if item.key in catalog:
            raise _MisfitError("ruled to be replaced, but the plan makes it")
        return None
    if reading.lives is not None:
        return _named(reading, catalog)
    lives = _find(item, catalog, item.text)
    if lives is None:
        raise _MisfitError("ruled to be corrected, but not in the plan")
    if lives.text == item.text and not item.faulty:
        raise _MisfitError("ruled to be corrected, but the plan makes it as the document states it")
    return lives


def _find(item: Item, catalog: Mapping[str, Item], definition: str) -> Item | None:
    """Return the plan's item of the same name; for what has no name, the one of that definition."""
    if item.key in catalog or item.named or item.kind is not Kind.CONSTRAINT:
        return catalog.get(item.key)
    return next(
        (
            other
            for other in catalog.values()
            if (other.kind, other.table, other.text) == (item.kind, item.table, definition)
        ),
        None,
    )


def _named(reading: Reading, catalog: Mapping[str, Item]) -> Item:
    lives = catalog.get(reading.lives or "")
    if lives is None:
        raise _MisfitError(f"ruled to live in {reading.lives}, which the plan does not make")
    return lives


def _found(lives: Item | None) -> str:
    return "the plan makes none" if lives is None else f"the plan: {lives.text}"


def _counted(rows: list[Row]) -> list[Row]:
    """Tell each row how often the document states its object; a covered index has no own one."""
    keys = [row.lives.key if row.lives and row.status is not Status.COVERED else "" for row in rows]
    stated: Counter[str] = Counter()
    for row, key in zip(rows, keys, strict=True):
        stated[key] += len(row.item.lines)
    return [
        replace(row, times=stated[key]) if key else row for row, key in zip(rows, keys, strict=True)
    ]
