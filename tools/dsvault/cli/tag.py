"""`dsvault tag`: mark a change, or list the marks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from dsvault.authoring.scripts import write_plan
from dsvault.cli.authoring import Workplace, Written, ask_for_note, authoring_command
from dsvault.plan import parse_plan
from dsvault.plan.writing import add_tag

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.command()
@click.option("-t", "--tag-name", "--tag", "name", help="The name of the tag.")
@click.option("-c", "--change-name", "--change", help="What it marks; default: the last change.")
@click.option("-n", "-m", "--note", "notes", multiple=True, help="What it is for.")
@authoring_command
def command(
    place: Workplace, *, name: str | None, change_name: str | None, notes: Sequence[str]
) -> Written:
    """Mark a change of the plan by a tag; without a name, list the tags.

    Without --note an editor asks for one.
    """
    wanted, change = place.take_names(name, change_name)
    if wanted is None:
        return _list(place)
    entry = place.entry(notes)
    sources = list(place.sources())
    for _, source in sources:
        add_tag(source, wanted, change, entry)
    if not entry.clean_note.strip():
        prompt = "Write a note for the tag. Lines that begin with # are left out."
        entry = replace(entry, note=ask_for_note(place.config, prompt))
    content = []
    for layout, source in sources:
        data, tag = add_tag(source, wanted, change, entry)
        write_plan(layout.plan_file, data)
        marked = parse_plan(data, layout.plan_file).by_id(tag.change_id)
        marked_name = marked.name if marked else ""
        place.say(f'Tagged "{marked_name}" with {tag} in {layout.plan_file}')
        content.append(
            {
                "plan_file": str(layout.plan_file),
                "id": tag.id,
                "name": str(tag),
                "change_id": tag.change_id,
            }
        )
    return Written({"tags": content})


def _list(place: Workplace) -> Written:
    names = dict.fromkeys(str(tag) for _, source in place.sources() for tag in source.plan.tags)
    place.say(*names)
    return Written({"tags": [{"name": name} for name in names]})
