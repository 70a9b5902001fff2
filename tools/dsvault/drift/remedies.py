"""What to do about a difference: statements that undo it, the script to run again. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dsvault.drift.facts import DIFFERENT, EXTRA, MISSING, Thing, by_thing
from dsvault.drift.makers import constraint_as_written
from dsvault.drift.names import quoted
from dsvault.drift.privileges import privileges, regrant
from dsvault.drift.statements import statements

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from dsvault.drift.facts import Difference
    from dsvault.drift.makers import Script

# What a script leaves as it is once there is anything of that name; statements have to do it.
_MADE_ONCE = {
    "column", "constraint", "row security", "kind and owner", "owner", "attributes",
    "membership in", "leave to create for", "grants for", "grants on columns for",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do, in a sentence, and the statements that do it as far as they can be composed."""

    advice: str
    statements: tuple[str, ...] = ()


class Remedies:
    """What to do about differences from what is planned, in a database of that name."""

    def __init__(self, planned: Collection[str], database: str) -> None:
        self._planned = by_thing(planned)
        self._database = database

    def of(self, difference: Difference, script: Script | None) -> Remedy:
        """Return what to do about a difference, of a thing that the script made."""
        composed = tuple(self._statements(_as_written(difference, script)))
        if difference.state == EXTRA:
            by_hand = "" if composed else " by hand"
            return Remedy(f"take it back{by_hand}, or plan it: nobody did", composed)
        if script is None:
            return Remedy("find out who changed it, and change it back", composed)
        if self._is_settled(difference, composed):
            return Remedy("put it back as planned", composed)
        if difference.thing.kind in _MADE_ONCE and not self._is_of_view(difference):
            return Remedy(f"change it back by hand to what {script.path} says")
        return Remedy(_again(difference, script, makes_way=bool(composed)), composed)

    def _statements(self, difference: Difference) -> Iterator[str]:
        thing = difference.thing
        if thing.kind == "column" and self._is_of_view(difference):
            if difference.state == DIFFERENT:  # CREATE OR REPLACE VIEW refuses to change it
                yield f"DROP VIEW {thing.subject};"
            return
        for name in difference.partitions or (self._name(thing.subject),):
            yield from statements(difference, name)
        yield from self._lost_columns(difference)

    def _lost_columns(self, difference: Difference) -> Iterator[str]:
        """Give back what a REVOKE on a table takes of its columns too."""
        thing = difference.thing
        if thing.kind == "grants for":
            planned = self._planned.get(
                Thing(thing.subject, "grants on columns for", thing.name), ()
            )
            kept = privileges(difference.expected, thing.name)
            taken = privileges(difference.found, thing.name) - kept
            names = {privilege.name for privilege in taken}
            lost = {held for held in privileges(planned, thing.name) if held.name in names}
            yield from regrant(thing.subject, thing.name, lost, set())

    def _name(self, subject: str) -> str:
        return f"DATABASE {quoted(self._database)}" if subject == "the database" else subject

    def _is_of_view(self, difference: Difference) -> bool:
        kinds = self._planned.get(Thing(difference.thing.subject, "kind and owner"), ())
        return any(text.startswith("view ") for text in kinds)

    def _is_settled(self, difference: Difference, composed: tuple[str, ...]) -> bool:
        """Say whether the statements are enough."""
        thing = difference.thing
        if not composed or any(statement.startswith("DROP ") for statement in composed):
            return False
        return thing.kind != "signature" or _but_owner(difference.expected) == _but_owner(
            difference.found
        )


def _as_written(difference: Difference, script: Script | None) -> Difference:
    """Return a difference with the constraint that is planned in the words of its script."""
    name = difference.thing.name
    if script is None or difference.thing.kind != "constraint" or _is_only_off(difference):
        return difference
    written = constraint_as_written(script, name)
    return replace(difference, expected=(f"{name} {written}",)) if written else difference


def _is_only_off(difference: Difference) -> bool:
    """Say whether a constraint is as planned, but for its state."""
    return any(
        text.startswith(f"{planned} ")
        for text in difference.found
        for planned in difference.expected
    )


def _again(difference: Difference, script: Script, *, makes_way: bool) -> str:
    again = f"run {script.path} again"
    if makes_way:
        return f"make way for it, then {again}"
    if difference.thing.kind == difference.thing.subject:
        return f"{again}, then drift: it tells what else is missing"
    does = "makes what is missing" if difference.state == MISSING else "replaces what is there"
    return f"{again}: it {does}"


def _but_owner(texts: tuple[str, ...]) -> list[str]:
    return [text.partition(" OWNER ")[0] for text in texts]
