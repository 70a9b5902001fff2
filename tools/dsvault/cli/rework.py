"""`dsvault rework`: plan a change anew, and keep its scripts as they were."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from dsvault.authoring.scripts import copy_all, rework_copies, write_plan
from dsvault.cli.authoring import (
    UsageFault,
    Workplace,
    Written,
    ask_for_note,
    authoring_command,
    open_in_editor,
)
from dsvault.plan import parse_plan
from dsvault.plan.writing import label_of, rework_change
from dsvault.scripts import KINDS, script_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dsvault.authoring.scripts import Copy
    from dsvault.config import Layout
    from dsvault.plan.writing import Entry, Source


@click.command()
@click.option("-c", "--change-name", "--change", "name", help="The name of the change.")
@click.option("-r", "--requires", multiple=True, metavar="CHANGE", help="It needs this change.")
@click.option("-x", "--conflicts", multiple=True, metavar="CHANGE", help="It excludes this one.")
@click.option("-n", "-m", "--note", "notes", multiple=True, help="What it is for.")
@click.option("-e", "--open-editor/--no-open-editor", "--edit/--no-edit", default=None)
@authoring_command
def command(
    place: Workplace,
    *,
    name: str | None,
    requires: Sequence[str],
    conflicts: Sequence[str],
    notes: Sequence[str],
    open_editor: bool | None,
) -> Written:
    """Plan a change anew, so that its scripts can be edited although a tag has fixed them.

    The old scripts are kept as NAME@TAG, and the old deploy script becomes the new revert script.
    """
    (wanted,) = place.take_names(name)
    if wanted is None:
        raise UsageFault("There is no name of a change", hint="dsvault rework NAME -n NOTE")
    entry = place.entry(notes, requires, conflicts)
    reworks = [_Rework(layout, source, wanted, entry) for layout, source in place.sources()]
    files = list(dict.fromkeys(path for rework in reworks for path in rework.files))
    if not entry.clean_note.strip():
        entry = replace(entry, note=ask_for_note(place.config, reworks[0].prompt()))
    content = [rework.write(place, wanted, entry) for rework in reworks]
    plural = "this file" if len(files) == 1 else "these files"
    place.say(f"Modify {plural} as appropriate:", *(f"  * {path}" for path in files))
    open_in_editor(place, "rework", open_editor, files)
    return Written({"changes": content, "modify": [str(path) for path in files]})


class _Rework:
    """A change that is being reworked in one plan."""

    def __init__(self, layout: Layout, source: Source, name: str, entry: Entry) -> None:
        self._layout = layout
        self._source = source
        data, self._change = rework_change(source, name, entry)
        old = next(
            change
            for change in reversed(parse_plan(data, layout.plan_file).changes[:-1])
            if change.name == name
        )
        self._copies: list[Copy] = rework_copies(layout, old, self._change)
        paths = (script_path(layout, self._change, kind) for kind in KINDS)
        self.files: list[Path] = [path for path in paths if path.exists()]

    def prompt(self) -> str:
        """Return what the editor shows."""
        files = "".join(f"\n    {path}" for path in self.files)
        return (
            "Write a note for the change. Lines that begin with # are left out; without a note\n"
            f"nothing is reworked. The change to rework:\n\n  {label_of(self._change)}{files}"
        )

    def write(self, place: Workplace, name: str, entry: Entry) -> dict[str, object]:
        """Copy the scripts, write the plan, and say so."""
        made = copy_all(self._copies)
        data, change = rework_change(self._source, name, entry)
        write_plan(self._layout.plan_file, data)
        place.say(f'Added "{label_of(change)}" to {self._layout.plan_file}.')
        return {
            "plan_file": str(self._layout.plan_file),
            "id": change.id,
            "name": change.name,
            "kept": [str(path) for path in made],
        }
