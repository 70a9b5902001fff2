"""What commands share that write a project's files: options, the plans that are meant, the note."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dsvault.cli.places import all_targets, target_of, target_section
from dsvault.cli.render import Reportable, TextReporter, end_with, write_json
from dsvault.config import Config, Layout, current_person
from dsvault.errors import DsvaultError
from dsvault.plan import read_plan
from dsvault.plan.writing import Entry, Source, planning_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


class EmptyNoteError(DsvaultError):
    """Aborting due to empty note"""

    exit_code = 1


class UsageFault(DsvaultError):  # noqa: N818 - reads as what it is
    """The command was not used as it is meant to be."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a command did: a JSON object that says it."""

    content: Mapping[str, object]

    def as_json(self) -> dict[str, object]:
        """Return the result as one JSON object."""
        return dict(self.content)


@dataclass(frozen=True, slots=True)
class Workplace:
    """The project whose files are written: one layout for each plan that is meant.

    names are the arguments that name no target, engine or plan file.
    """

    config: Config
    layouts: tuple[Layout, ...]
    names: tuple[str, ...]
    reporter: TextReporter

    @property
    def layout(self) -> Layout:
        """The first plan's layout."""
        return self.layouts[0]

    def say(self, *lines: str) -> None:
        """Print lines on stdout."""
        self.reporter.print(lines)

    def sources(self) -> Iterator[tuple[Layout, Source]]:
        """Yield each plan that is meant, read.

        :raises dsvault.plan.PlanError: one is not valid, or there is none.
        """
        for layout in self.layouts:
            plan = read_plan(layout.plan_file)
            yield layout, Source(layout.plan_file.read_bytes(), plan)

    def take_names(self, *given: str | None, limit: int | None = None) -> list[str | None]:
        """Return names from options, those that are missing from the arguments.

        :raises UsageFault: there are more arguments than names.
        """
        rest = list(self.names)
        found = [name or (rest.pop(0) if rest else None) for name in given]
        if rest and limit is None:
            plural = "s:" if len(rest) > 1 else ""
            shown = ", ".join(rest) if plural else f'"{rest[0]}"'
            raise UsageFault(f"Unknown argument{plural} {shown}")
        return found

    def entry(
        self, notes: Sequence[str], requires: Sequence[str] = (), conflicts: Sequence[str] = ()
    ) -> Entry:
        """Return what a new line of the plan says, by whoever works now."""
        person = current_person(self.config)
        return Entry(str(person), planning_date(), "\n\n".join(notes), requires, conflicts)


def authoring_command(function: Callable[..., Reportable]) -> Callable[..., None]:
    """Add the shared options to a command that gets a Workplace and returns a result."""

    @click.argument("arguments", nargs=-1, metavar="[NAME] [TARGET]")
    @click.option("-f", "--plan-file", type=click.Path(path_type=Path), help="The plan to change.")
    @click.option("-a", "--all", "every", is_flag=True, help="Change the plans of all targets.")
    @click.option(
        "-C",
        "--chdir",
        "--cd",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        help="Work as if started in this folder.",
    )
    @click.option("--quiet", is_flag=True, help="Say nothing.")
    @click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
    @wraps(function)
    def with_workplace(
        *,
        arguments: tuple[str, ...],
        plan_file: Path | None,
        every: bool,
        chdir: Path | None,
        quiet: bool,
        as_json: bool,
        **options: Any,  # noqa: ANN401
    ) -> None:
        try:
            place = open_workplace(arguments, plan_file, chdir, every=every, quiet=quiet or as_json)
            result = function(place, **options)
        except DsvaultError as error:
            end_with(error, as_json=as_json)
        if as_json:
            write_json(result)

    return with_workplace


def open_workplace(
    arguments: Sequence[str],
    plan_file: Path | None,
    chdir: Path | None,
    *,
    every: bool,
    quiet: bool,
) -> Workplace:
    """Return the project of the working folder, and which of its plans are meant.

    :raises dsvault.config.ConfigError: the configuration cannot be used.
    :raises UsageFault: an argument is meaningless.
    """
    if chdir is not None:
        os.chdir(chdir)
    config = Config.load()
    overrides = {} if plan_file is None else {"plan_file": str(plan_file)}
    named = {argument: target_of(argument, config) for argument in arguments}
    targets = [target for target in named.values() if target is not None]
    if every and targets:
        raise UsageFault("Cannot specify both --all and engine, target, or plan arugments")
    wanted: Sequence[str | None] = targets or [None]
    if every:
        wanted = all_targets(config)
    layouts: dict[Path, Layout] = {}
    for target in wanted:
        layout = Layout.of(config, target=target_section(target), overrides=overrides)
        layouts.setdefault(layout.plan_file.absolute(), layout)
    names = tuple(argument for argument, target in named.items() if target is None)
    return Workplace(config, tuple(layouts.values()), names, TextReporter(quiet=quiet))


def ask_for_note(config: Config, prompt: str) -> str:
    """Let the user write a note in his editor, and return it encoded as a plan line has it.

    :raises EmptyNoteError: he wrote none.
    :raises DsvaultError: there is no editor to be run.
    """
    editor = _editor(config)
    with tempfile.TemporaryDirectory(prefix="dsvault-") as folder:
        file = Path(folder, "NOTE")
        commented = "".join(f"# {line}".rstrip() + "\n" for line in prompt.splitlines())
        file.write_text(f"\n{commented}", encoding="utf-8")
        edit(editor, [file])
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    note = "".join(line for line in lines if not re.match(r"\s*#", line)).strip("\n\r\v\f")
    if not note.strip():
        raise EmptyNoteError
    return note.replace("\\", "\\\\")


def edit(editor: str, files: Sequence[Path]) -> None:
    """Run an editor, which may have arguments of its own, on files."""
    subprocess.run(f"{editor} {shlex.join(map(str, files))}", shell=True, check=False)  # noqa: S602


def _editor(config: Config) -> str:
    names = ("VISUAL", "EDITOR")
    found = (
        os.environ.get("SQITCH_EDITOR")
        or config.get("core.editor")
        or next((os.environ[name] for name in names if os.environ.get(name)), None)
    )
    if found is None and not sys.stdin.isatty():
        raise DsvaultError("There is no note, and no terminal to ask for one", hint="Add -n NOTE.")
    return found or "vi"


def open_in_editor(
    place: Workplace, command: str, wanted: bool | None, files: Sequence[Path]
) -> None:
    """Run the user's editor on new scripts if an option or the configuration says so."""
    if wanted is None:
        wanted = place.config.get_bool(f"{command}.open_editor")
    if wanted is None:
        wanted = place.config.get_bool("add.open_editor")
    if wanted:
        edit(_editor(place.config), files)
