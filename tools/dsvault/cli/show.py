"""`dsvault show`: what a change or tag is made of, or one of its scripts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsvault.cli.render import end_with, write
from dsvault.config import find_layout
from dsvault.errors import DsvaultError
from dsvault.plan import UnknownChange, read_plan
from dsvault.scripts import KINDS, Kind, script_path
from dsvault.text import printable

if TYPE_CHECKING:
    from dsvault.config import Layout
    from dsvault.plan import Plan

_TYPES = ("change", "tag", *KINDS)


@click.command()
@click.argument("kind", metavar="TYPE")
@click.argument("name")
@click.option("-t", "--target", help="Find the plan by the settings of this [target] section.")
@click.option("-e", "--exists", is_flag=True, help="Print nothing; exit 0 if it exists, else 2.")
@click.option("-f", "--plan-file", type=click.Path(path_type=Path), help="The plan.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    kind: str, name: str, *, target: str | None, exists: bool, plan_file: Path | None, as_json: bool
) -> None:
    """Print the text whose hash is the ID of a change or tag, or a script.

    TYPE is change, tag, deploy, revert or verify. NAME is what `plan` shows, an ID, or @HEAD.
    """
    try:
        section = target if target and ":" not in target else None
        _, layout = find_layout(plan_file=plan_file, target=section)
        content = _content(layout, read_plan(layout.plan_file), kind, name)
    except DsvaultError as error:
        if exists:
            sys.exit(2)
        end_with(error, as_json=as_json)
    if as_json:
        import json  # noqa: PLC0415 - seldom needed

        text = content.decode(errors="replace")
        write(json.dumps({"ok": True, "type": kind, "content": text, "error": None}, indent=2))
    elif not exists:
        _print(content)


def _print(content: bytes) -> None:
    """Print bytes as they are, but to a terminal nothing that it would obey."""
    if sys.stdout.isatty():
        write(printable(content.decode(errors="replace")))
    else:
        click.echo(content)


def _content(layout: Layout, plan: Plan, kind: str, name: str) -> bytes:
    if kind == "tag":
        wanted = name.removeprefix("@")
        for tag in plan.tags:
            if wanted in (tag.name, tag.id):
                return tag.info.encode()
        raise DsvaultError(f'Unknown tag "{name}"', hint="`dsvault tag` lists them.")
    if kind not in _TYPES:
        raise DsvaultError(
            f'Unknown object type "{kind}"', hint=f"Write one of {', '.join(_TYPES)}."
        )
    try:
        change = plan.find(name)
    except UnknownChange:
        raise DsvaultError(f'Unknown change "{name}"', hint="`plan` lists them.") from None
    if kind == "change":
        return change.info.encode()
    script: Kind = "deploy" if kind == "deploy" else "revert" if kind == "revert" else "verify"
    path = script_path(layout, change, script)
    if path.is_dir():
        raise DsvaultError(f'"{path}" is not a file')
    if not path.exists():
        raise DsvaultError(f'File "{path}" does not exist')
    return path.read_bytes()
