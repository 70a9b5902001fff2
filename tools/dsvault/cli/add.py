"""`dsvault add`: plan a change and make its scripts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsvault.authoring.scripts import NewScript, paths_of, variables_of, write_plan
from dsvault.authoring.templates import find_templates, render
from dsvault.cli.authoring import (
    UsageFault,
    Workplace,
    Written,
    ask_for_note,
    authoring_command,
    open_in_editor,
)
from dsvault.errors import DsvaultError
from dsvault.plan.writing import add_change, label_of
from dsvault.scripts import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dsvault.config import Layout
    from dsvault.plan import Change
    from dsvault.plan.writing import Entry, Source

_SYSTEM_FOLDER = Path("/etc/sqitch")


@click.command()
@click.option("-c", "--change-name", "--change", "name", help="The name of the change.")
@click.option("-r", "--requires", multiple=True, metavar="CHANGE", help="It needs this change.")
@click.option("-x", "--conflicts", multiple=True, metavar="CHANGE", help="It excludes this one.")
@click.option("-n", "-m", "--note", "notes", multiple=True, help="What it is for.")
@click.option("-s", "--set", "settings", multiple=True, metavar="NAME=VALUE", help="For templates.")
@click.option("-t", "--template", "--template-name", "template", help="Default: pg.")
@click.option(
    "--template-directory",
    type=click.Path(path_type=Path),
    help="Where templates are first sought.",
)
@click.option("--use", multiple=True, metavar="KIND=FILE", help="The template of one kind.")
@click.option("--with", "with_", multiple=True, metavar="KIND", help="Make this script too.")
@click.option("--without", multiple=True, metavar="KIND", help="Do not make this script.")
@click.option("-e", "--open-editor/--no-open-editor", "--edit/--no-edit", default=None)
@authoring_command
def command(
    place: Workplace,
    *,
    name: str | None,
    requires: Sequence[str],
    conflicts: Sequence[str],
    notes: Sequence[str],
    settings: Sequence[str],
    template: str | None,
    template_directory: Path | None,
    use: Sequence[str],
    with_: Sequence[str],
    without: Sequence[str],
    open_editor: bool | None,
) -> Written:
    """Plan a change and make its scripts.

    The plan and the scripts are those that Sqitch would write. Without --note an editor asks for
    one.
    """
    (wanted,) = place.take_names(name)
    if wanted is None:
        raise UsageFault("There is no name for the change", hint="dsvault add NAME -n NOTE")
    entry = place.entry(notes, requires, conflicts)
    templates = _templates(place, template, template_directory, use)
    chosen = _chosen_kinds(templates, with_, without)
    variables = _template_variables(place, settings)
    additions = []
    for layout, source in place.sources():
        change = add_change(source, wanted, entry)[1]
        own = variables_of(change, source.plan.project, requires, conflicts)
        scripts = [
            NewScript(path, render(templates[kind], {**variables, **own}))
            for kind, path in paths_of(layout, change, chosen).items()
        ]
        additions.append(_Addition(layout, source, change, scripts))
    if not entry.clean_note.strip():
        entry = replace(entry, note=ask_for_note(place.config, additions[0].prompt()))
    content = [addition.write(place, wanted, entry) for addition in additions]
    open_in_editor(place, "add", open_editor, [path for item in additions for path in item.files])
    return Written({"changes": content})


class _Addition:
    """A change that is being added to one plan."""

    def __init__(
        self, layout: Layout, source: Source, change: Change, scripts: Sequence[NewScript]
    ) -> None:
        self._layout = layout
        self._source = source
        self._change = change
        self._scripts = scripts

    @property
    def files(self) -> list[Path]:
        """The scripts."""
        return [script.path for script in self._scripts]

    def prompt(self) -> str:
        """Return what the editor shows."""
        files = "".join(f"\n    {path}" for path in self.files)
        return (
            "Write a note for the change. Lines that begin with # are left out; without a note\n"
            f"nothing is added. The change to add:\n\n  {label_of(self._change)}{files}"
        )

    def write(self, place: Workplace, name: str, entry: Entry) -> dict[str, object]:
        """Write scripts and plan, and say so."""
        created = []
        for script in self._scripts:
            if script.write():
                created.append(str(script.path))
                place.say(f"Created {script.path}")
            else:
                place.say(f"Skipped {script.path}: already exists")
        data, change = add_change(self._source, name, entry)
        write_plan(self._layout.plan_file, data)
        place.say(f'Added "{label_of(change)}" to {self._layout.plan_file}')
        return {
            "plan_file": str(self._layout.plan_file),
            "id": change.id,
            "name": change.name,
            "created": created,
        }


def _templates(
    place: Workplace, name: str | None, folder: Path | None, use: Sequence[str]
) -> dict[str, str]:
    """Return the templates by kind: of options, then of configuration, then of folders."""
    config = place.config
    configured = config.get("add.template_directory")
    first = folder or (Path(configured) if configured else None)
    if first is not None and not first.is_dir():
        problem = "is not a directory" if first.exists() else "does not exist"
        quoted = f'"{first}" {problem}' if first.exists() else f'Directory "{first}" {problem}'
        raise DsvaultError(quoted, hint="Name a folder of templates.")
    folders = [first] if first else []
    folders += [Path("~/.sqitch/templates").expanduser(), _SYSTEM_FOLDER / "templates"]
    given = {**config.section("add.templates"), **dict(_pair(item) for item in use)}
    wanted = name or config.get("add.template_name") or "pg"
    return find_templates(folders, wanted, {kind: Path(path) for kind, path in given.items()})


def _chosen_kinds(
    templates: Mapping[str, str], with_: Sequence[str], without: Sequence[str]
) -> list[str]:
    for kind in [*KINDS, *with_]:
        if kind not in templates and kind not in without:
            raise DsvaultError(
                f"Cannot find {kind} template", hint="Name a template by --use, or --without."
            )
    return sorted(kind for kind in templates if kind not in without)


def _template_variables(
    place: Workplace, settings: Sequence[str]
) -> dict[str, str | Sequence[str]]:
    found: dict[str, str | Sequence[str]] = dict(place.config.section("add.variables"))
    given: dict[str, list[str]] = {}
    for item in settings:
        key, value = _pair(item)
        given.setdefault(key, []).append(value)
    return found | {key: values if len(values) > 1 else values[0] for key, values in given.items()}


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise UsageFault(f"{text} is no NAME=VALUE")
    return key, value
